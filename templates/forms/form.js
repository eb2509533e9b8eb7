// The script of a public form, around functions of src/domain/forms (page-script.ts): hides questions that do not apply, and does the work by which a
// visitor shows that he is not a machine that sends thousands. Everything that it decides is decided again by the server.
/* global shownQuestions, openHash */
const form = document.querySelector('form[data-questions]');
if (form) {
  const questions = JSON.parse(form.dataset.questions);
  const show = () => {
    const data = new FormData(form);
    const answers = Object.fromEntries(questions.map(({ id }) => [id, data.getAll(`a-${id}`).map(String)]));
    const shown = shownQuestions(questions, answers);
    for (const { id } of questions) {
      const part = document.getElementById(`q-${id}`);
      if (part) part.hidden = !shown.includes(id);
    }
    const sensitive = document.getElementById('sensitive');
    if (sensitive) {
      const asked = sensitive.dataset.questions.split(' ');
      sensitive.hidden = !asked.some((id) => shown.includes(id) && (answers[id] ?? []).some((text) => text.trim() !== ''));
    }
  };
  form.addEventListener('input', show);
  form.addEventListener('change', show);
  show();

  const challenge = form.elements.challenge.value;
  const status = document.getElementById('status');
  const [, bits = '', least = '0'] = challenge.split('.');
  const limit = 2 ** (32 - Number.parseInt(bits, 36));
  const opened = performance.now();
  const leastMs = Number.parseInt(least, 36) * 1000 + 200;
  let wanted = false;
  let number = 0;
  const ready = () => form.elements.solution.value !== '' && performance.now() - opened >= leastMs;
  const send = () => {
    if (!wanted) return;
    if (!ready()) {
      setTimeout(send, 100);
      return;
    }
    form.submit();
  };
  form.addEventListener('submit', (event) => {
    if (ready() && !wanted) {
      wanted = true;
      return;
    }
    event.preventDefault();
    if (wanted) return;
    wanted = true;
    status.textContent = status.dataset.wait;
    send();
  });
  // Back from the next page: it can be sent once more.
  addEventListener('pageshow', () => {
    wanted = false;
    status.textContent = '';
  });
  const hash = openHash();
  const work = () => {
    const until = performance.now() + 12;
    while (performance.now() < until)
      for (let n = 0; n < 64; n++) {
        if (hash(`${challenge}:${number}`) < limit) {
          form.elements.solution.value = String(number);
          return;
        }
        number++;
      }
    setTimeout(work, 0);
  };
  if (challenge !== '') work();
}
