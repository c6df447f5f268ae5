// What older plug-ins leave in the page: their own $, more methods on built-in objects, an old module loader.
window.jQuery = window.$ = (what) => ({ length: 0, on() {}, ready: (f) => f(), find: () => window.$(what) });
window.$$ = () => [];
window.define = Object.assign(() => {}, { amd: {} });
window.exports = {}; window.module = { exports: {} }; window.process = { env: {} };
Array.prototype.each = function (f) { this.forEach(f); };
Object.prototype.inherits = function () { return this; };
String.prototype.strip = function () { return this.trim(); };
Function.prototype.delay = function () { return 0; };
const native = JSON.stringify;
JSON.stringify = (...given) => native(...given);
// "Smooth scroll" and key handlers that see every event first.
document.addEventListener("click", (event) => { if (event.target.localName === "a" && event.target.hash) event.preventDefault(); });
document.addEventListener("keypress", (event) => { if (event.key === "?") event.preventDefault(); });
