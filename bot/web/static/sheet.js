// The button of the sheet: shown where it can do something.
const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => print());
