// @ts-check
/** `form[data-draft]`: what is being written is kept on the server every few seconds, and is there again after anything. */

const PAUSE_MS = 2_000;

/** @param {HTMLFormElement} form */
function keep(form) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let sent = false;
  const told = (form.parentElement ?? form).querySelector('[data-draft-told]');
  const save = async () => {
    if (sent) return;
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    try {
      const answer = await fetch(`/drafts/${form.dataset.draft}`, { method: 'POST', body, credentials: 'same-origin', headers: { 'X-Muster-Part': 'draft' } });
      if (answer.status === 401) {
        const { signInAgain } = await import('./again.js');
        if (await signInAgain()) save();
      } else if (told) {
        const said = answer.status === 200 ? `${form.dataset.draftSay ?? ''} ${await answer.text()}` : form.dataset.draftUnkept;
        told.textContent = said ?? ''; // another tab signed in anew: sent, the form says so and gives the words back
      }
    } catch {
      timer = setTimeout(save, PAUSE_MS * 2); // the line is down: the words are still in the form
    }
  };
  form.addEventListener('input', () => {
    sent = false; // a sending that failed left the words here
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  });
  form.addEventListener('submit', () => {
    sent = true;
    clearTimeout(timer);
  });
}

/** @param {ParentNode} place */
function keepAll(place) {
  for (const form of place.querySelectorAll('form[data-draft]')) keep(/** @type {HTMLFormElement} */ (form));
}

keepAll(document);
document.addEventListener('swapped', (event) => keepAll(/** @type {HTMLElement} */ (event.target)));
