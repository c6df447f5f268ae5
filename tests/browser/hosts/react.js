// How React treats an element in development: mounted, unmounted and mounted again at once, then again with each route.
const mine = document.querySelector("script[data-supple]");
const root = document.getElementById("root");
const heard = (window.heard = []);
for (const name of ["open", "close", "answer", "routine"])
  addEventListener(`supple:${name}`, (event) => heard.push([name, event.detail]));

function mount() {
  const chat = document.createElement("supple-chat"); // before its class is there, as in a page drawn by a server
  chat.setAttribute("site", mine.dataset.for);
  chat.setAttribute("mode", "inline");
  root.append(chat);
  return () => chat.remove();
}

let unmount = mount();
unmount();
unmount = mount();
const later = document.createElement("script");
later.type = "module";
later.src = `${mine.dataset.supple}/widget.js`;
document.head.append(later);
later.addEventListener("load", () => { unmount(); unmount = mount(); });

document.getElementById("route").addEventListener("click", () => {
  if (root.firstChild) unmount();
  else unmount = mount();
});
