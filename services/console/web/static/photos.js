// @ts-check
/**
 * `[data-photo-field]`: photos are made smaller in the browser where it can, shown small, and may be taken out again. The
 * file field keeps them, so the form is sent as without scripts; what cannot be read here goes as it is.
 */
import { toast } from './toast.js';

const SIDE_MAX = 1_600;
const SMALL_BYTES = 400_000;
const THUMB = 72;

/** @param {File} file @returns {Promise<{file: File, picture: ImageBitmap | null}>} */
export async function small(file) {
  if (typeof createImageBitmap !== 'function') return { file, picture: null };
  try {
    const picture = await createImageBitmap(file);
    const scale = SIDE_MAX / Math.max(picture.width, picture.height);
    if (scale >= 1 && file.size <= SMALL_BYTES) return { file, picture };
    const canvas = drawn(picture, Math.min(1, scale));
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.82));
    if (!blob || blob.size >= file.size) return { file, picture };
    return { file: new File([blob], 'photo.jpg', { type: 'image/jpeg', lastModified: file.lastModified }), picture };
  } catch {
    return { file, picture: null }; // not a picture to this browser: the server says what it is
  }
}

/** @param {ImageBitmap} picture @param {number} scale */
function drawn(picture, scale) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** @param {HTMLElement} field */
function enhance(field) {
  const input = /** @type {HTMLInputElement} */ (field.querySelector('input[type="file"]'));
  const thumbs = /** @type {HTMLElement} */ (field.querySelector('.thumbs'));
  const told = /** @type {HTMLElement} */ (field.querySelector('.photo-told'));
  const most = Number(field.dataset.most);
  /** @type {{file: File, picture: ImageBitmap | null}[]} */
  let taken = [];
  let over = false;

  const show = () => {
    const kept = new DataTransfer();
    for (const one of taken) kept.items.add(one.file);
    input.files = kept.files;
    thumbs.replaceChildren(...taken.map((one) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.setAttribute('aria-label', `${field.dataset.sayRemove} ${taken.indexOf(one) + 1}`);
      button.textContent = '×';
      button.addEventListener('click', () => { taken = taken.filter((other) => other !== one); over = false; show(); });
      if (one.picture) item.append(drawn(one.picture, THUMB / Math.max(one.picture.width, one.picture.height)));
      else item.append(one.file.name);
      item.append(button);
      return item;
    }));
    const bytes = taken.reduce((sum, one) => sum + one.file.size, 0);
    if (over) told.textContent = `${field.dataset.sayMost} ${most}`;
    else told.textContent = taken.length ? `${field.dataset.sayTaken} ${taken.length}/${most} · ${Math.ceil(bytes / 1000)} kB` : '';
  };
  /** The field has all of them at any moment, however long it takes to make them smaller. */
  const take = async () => {
    const fresh = [...(input.files ?? [])].map((file) => ({ file, picture: /** @type {ImageBitmap | null} */ (null) }));
    taken = [...taken, ...fresh];
    over = taken.length > most;
    taken = taken.slice(0, most);
    show();
    for (const one of fresh) {
      if (!taken.includes(one)) continue;
      Object.assign(one, await small(one.file));
      if (taken.includes(one)) show();
    }
  };
  input.addEventListener('change', take);
  if (input.files?.length) take(); // chosen on a slow line, before this script was there
  field.closest('form[data-photos]')?.addEventListener('submit', async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (event.defaultPrevented) return;
    if (!form.dataset.checked) {
      event.preventDefault(); // photos are not sent in vain: first, is anybody signed in still?
      const answer = await fetch('/live/state', { credentials: 'same-origin', cache: 'no-store' }).catch(() => null);
      const { signInAgain } = await import('./again.js');
      if (!answer) toast(document.body.dataset.sayOffline ?? '');
      else if (answer.status !== 401 || (await signInAgain())) {
        form.dataset.checked = 'yes';
        if (form.requestSubmit) form.requestSubmit(/** @type {HTMLElement | null} */ (form.querySelector('button.main')));
        else form.submit();
        delete form.dataset.checked;
      }
      return;
    }
    if (!taken.length) return;
    told.textContent = `${field.dataset.saySending} ${taken.length}…`;
    field.closest('form')?.querySelector('button.main')?.setAttribute('aria-busy', 'true');
  });
}

for (const field of document.querySelectorAll('[data-photo-field]')) enhance(/** @type {HTMLElement} */ (field));
