document.getElementById("ask").addEventListener("click", () => document.querySelector("supple-chat").open());
