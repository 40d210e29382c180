// Draws every chart of the page from its spec and its rows. An expression is interpreted, never evaluated, so the
// page's policy allows this script alone.
const given = (id) => JSON.parse(document.getElementById(id).textContent);
const specs = given("specs"), rows = given("rows"), config = given("config");
for (const place of document.querySelectorAll("[data-chart]")) {
  // An axis of names is as high as it has names.
  const height = place.dataset.names ? { height: 24 * place.dataset.names } : {};
  const spec = { ...specs[place.dataset.chart], ...height, datasets: { rows: rows[place.dataset.rows] } };
  const settings = { ast: true, renderer: "svg", actions: false, config, logLevel: 1 }; // errors: an empty layer is none
  vegaEmbed(place, spec, settings).then(({ view }) => {
    view.addEventListener("click", (_, item) => {
      const day = item?.datum?.day && new Date(item.datum.day).toISOString().slice(0, 10);
      const target = document.getElementById(`event-${day}`);
      if (target) { target.scrollIntoView(); target.focus(); }
    });
    place.dataset.drawn = "yes";
  });
}
