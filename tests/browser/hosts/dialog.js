document.getElementById("book").addEventListener("click", () => document.querySelector("dialog").showModal());
