// @ts-check
/** Three tones, made here: no file, nothing from elsewhere. A browser lets none out before somebody has pressed something. */

/** @type {Record<string, [number, number, number][]>} [hertz, seconds from the start, length] */
const TONES = {
  new: [[660, 0, 0.16], [880, 0.2, 0.26]],
  soon: [[740, 0, 0.14], [740, 0.28, 0.14]],
  late: [[520, 0, 0.2], [440, 0.26, 0.2], [520, 0.52, 0.3]],
};
const LOUD = 0.22;

/** @type {AudioContext | null} */
let audio = null;

/** Must be called from a key or a click. */
export function unlock() {
  audio ??= new AudioContext();
  return audio.resume();
}

export function isUnlocked() {
  return audio?.state === 'running';
}

/** @param {string} kind @param {number} after seconds from now @returns {number} when it ends */
export function play(kind, after = 0) {
  const tones = TONES[kind] ?? [];
  if (!audio || audio.state !== 'running') return after;
  for (const [hertz, from, length] of tones) {
    const begin = audio.currentTime + after + from;
    const voice = audio.createOscillator();
    const volume = audio.createGain();
    voice.frequency.value = hertz;
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(LOUD, begin + 0.02);
    volume.gain.setValueAtTime(LOUD, begin + length - 0.04);
    volume.gain.linearRampToValueAtTime(0, begin + length);
    voice.connect(volume).connect(audio.destination);
    voice.start(begin);
    voice.stop(begin + length);
  }
  const [, from, length] = tones[tones.length - 1];
  return after + from + length + 0.35;
}
