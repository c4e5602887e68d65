(function () {
  "use strict";
  var root = document.documentElement;
  var find = function (id) { return document.getElementById(id); };

  // a file opened from a mail may have no storage: the choice then lasts as long as the page
  var stored = null;
  try { stored = localStorage.getItem("genyin-theme"); } catch (error) { stored = null; }
  if (stored === "dark" || stored === "light") { root.setAttribute("data-theme", stored); }
  find("theme").addEventListener("click", function () {
    var dark = root.getAttribute("data-theme");
    var isDark = dark ? dark === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    var wanted = isDark ? "light" : "dark";
    root.setAttribute("data-theme", wanted);
    try { localStorage.setItem("genyin-theme", wanted); } catch (error) { /* nothing to keep it in */ }
  });
  find("print").addEventListener("click", function () { print(); });

  var list = find("list"), deck = find("deck"), form = find("filters"), found = find("found");
  var rows = Array.prototype.slice.call(list.tBodies[0].rows);
  var cards = {};
  Array.prototype.forEach.call(deck.children, function (card) { cards[card.dataset.id] = card; });
  var controls = { category: find("f-category"), department: find("f-department"), state: find("f-state") };
  var query = find("q"), sort = find("sort");
  var number = function (name) { return function (a, b) { return b.dataset[name] - a.dataset[name]; }; };
  var orders = {
    rank: function (a, b) { return a.dataset.rank - b.dataset.rank; },
    rows: number("rows"),
    change: number("change"),
    last: function (a, b) { return a.dataset.last < b.dataset.last ? 1 : a.dataset.last > b.dataset.last ? -1 : 0; },
    name: function (a, b) { return a.dataset.name.localeCompare(b.dataset.name, root.lang); }
  };

  function fits(row, words) {
    for (var name in controls) {
      if (controls[name].value && row.dataset[name] !== controls[name].value) { return false; }
    }
    return words.every(function (word) { return row.dataset.text.indexOf(word) >= 0; });
  }
  function show() {
    var words = query.value.toLowerCase().split(/\s+/).filter(Boolean), count = 0;
    var order = orders[sort.value];
    rows.slice().sort(function (a, b) { return order(a, b) || orders.rank(a, b); }).forEach(function (row) {
      var shown = fits(row, words), card = cards[row.dataset.id];
      row.hidden = !shown;
      count += shown ? 1 : 0;
      list.tBodies[0].appendChild(row);
      if (card) { card.hidden = !shown; deck.appendChild(card); }
    });
    found.textContent = count ? found.dataset.words.replace("{count}", count) : found.dataset.none;
  }
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(show, 0); });
  form.addEventListener("input", show);

  // a link to a card that a filter hides shows it all the same
  function reveal() {
    var target = find(decodeURIComponent(location.hash.slice(1)));
    if (target && target.hidden) { target.hidden = false; target.scrollIntoView(); }
  }
  addEventListener("hashchange", reveal);
  reveal();
})();
