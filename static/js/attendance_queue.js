// Choices that wait in this browser until the server has them. One item of the local storage per choice, so that two
// windows never overwrite each other's; nothing but numbers, the choice and its note, and nothing once it is sent.

window.attendanceQueue = (() => {
  const PREFIX = "netzkoord.attendance.";

  // `queue` names user, session and day; `name` the person and the half.
  const keyOf = (queue, name) => `${PREFIX}${queue}.${name}`;

  function keys(owner) {
    const found = [];
    for (let at = 0; at < localStorage.length; at += 1) {
      const key = localStorage.key(at);
      if (key.startsWith(`${PREFIX}${owner}`)) found.push(key);
    }
    return found.sort();
  }

  function read(key) {
    const text = localStorage.getItem(key);
    if (text === null) return null;
    return { key, text, name: key.slice(key.lastIndexOf(".") + 1), ...JSON.parse(text) };
  }

  const all = (owner) => keys(owner).map(read).filter(Boolean);

  // What the page had shown before the first of several choices is what the server compares with. The choices before
  // this one may have reached it although its answer did not reach us: `sent` keeps them, or it would take them for
  // somebody else's.
  function put(queue, name, choice) {
    const key = keyOf(queue, name);
    const waiting = read(key);
    const before = waiting
      ? { seen: waiting.seen, sent: [...waiting.sent, [waiting.presence, waiting.note]] }
      : { seen: choice.seen, sent: [] };
    localStorage.setItem(key, JSON.stringify({ ...choice, ...before }));
  }

  // The server has answered: remove the choice, or, where another was made meanwhile, keep that with what holds now.
  function settle(entry, seen) {
    const text = localStorage.getItem(entry.key);
    if (text === null) return;
    if (text === entry.text) localStorage.removeItem(entry.key);
    else localStorage.setItem(entry.key, JSON.stringify({ ...JSON.parse(text), seen, sent: [] }));
  }

  const find = (queue, name) => read(keyOf(queue, name));
  const others = (user) => keys("").filter((key) => !key.startsWith(`${PREFIX}${user}.`)).length;

  return { all, put, settle, find, others };
})();
