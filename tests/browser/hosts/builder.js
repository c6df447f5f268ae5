// As site builders run "custom code": after the page is there, a script element made by script, on each inner page change.
const mine = document.currentScript;
function inject() {
  const script = document.createElement("script");
  script.type = "module";
  script.src = `${mine.dataset.supple}/widget.js`;
  script.dataset.site = mine.dataset.for;
  document.body.append(script);
}
inject();
addEventListener("hashchange", inject); // the builder shows another page without loading one
