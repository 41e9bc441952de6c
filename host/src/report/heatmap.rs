//! `heatmap.svg`: codec × transport of the answer's workloads as a picture that stands alone, with a
//! background of its own, so that it can be read on a light and on a dark page.

use std::f64::consts::FRAC_1_SQRT_2;
use std::fmt::Write as _;

use super::ReportError;
use super::answer::{TASK, workloads};
use super::ranking::{Best, League, bests};
use super::told::can_tell;
use super::units::{bytes, time};
use crate::page::palette;
use crate::record::{CellRecord, Record, Status};
use weft_link::transport::Isolation;

const CELL: (usize, usize) = (60, 26);
const GAP: usize = 18;
const MARGIN: usize = 16;
/// Where the messages stand.
const WORKLOADS: usize = 62;
/// The sizes of the texts, in pixels.
const TITLE: f64 = 15.0;
const CODEC: f64 = 13.0;
const TRANSPORT: f64 = 12.0;
const NOTE: f64 = 11.0;

/// About how wide a text of this size is at most: fonts are the reader's.
fn width(text: &str, size: f64) -> usize {
    (0.62 * size * text.chars().count() as f64).ceil() as usize
}

/// How far a transport's name reaches upwards, and as far to the right: it is slanted by half a right angle, so that columns can
/// be narrower than names.
fn slanted(name: &str) -> usize {
    (width(name, TRANSPORT) as f64 * FRAC_1_SQRT_2 + TRANSPORT).ceil() as usize
}

/// A message and its cells, which share a task.
struct Panel<'a> {
    message: &'a str,
    cells: Vec<&'a CellRecord>,
    bests: Vec<Best<'a>>,
}

impl<'a> Panel<'a> {
    fn of(record: &'a Record, message: &'a str) -> Option<Self> {
        let of_both =
            |cell: &&CellRecord| cell.message() == message && cell.task() == TASK && !record.is_floor(&cell.cell.codec);
        let cells: Vec<_> = record.cells.iter().filter(|cell| cell.cell.is_own()).filter(of_both).collect();
        (!cells.is_empty()).then(|| Self { message, cells, bests: bests(record, (message, TASK)) })
    }

    /// The fastest and the slowest of the panel, in nanoseconds.
    fn range(&self) -> (f64, f64) {
        let times = self.cells.iter().filter_map(|cell| figure(cell));
        times.fold((f64::MAX, 0.0), |(low, high), time| (low.min(time), high.max(time)))
    }
}

fn figure(cell: &CellRecord) -> Option<f64> {
    cell.latency_ns.filter(|_| cell.status == Status::Ok).map(|latency| latency.value)
}

/// What the rows and columns of all panels are, and the room that their names take.
struct Grid<'a> {
    transports: Vec<(Isolation, &'a str)>,
    /// Each with its league, and its name with the mark of that.
    codecs: Vec<(usize, &'a str, String)>,
    /// Where the first column begins.
    left: usize,
    /// Where the first row begins: below the title, the workloads and the transports.
    top: usize,
}

impl<'a> Grid<'a> {
    fn of(record: &'a Record, panels: &[Panel<'a>]) -> Self {
        let mut transports: Vec<(Isolation, &str)> = Vec::new();
        let mut codecs: Vec<(usize, &str, String)> = Vec::new();
        for cell in panels.iter().flat_map(|panel| &panel.cells) {
            let transport = (cell.isolation, cell.cell.transport.as_str());
            if !transports.contains(&transport) {
                transports.push(transport);
            }
            let name = cell.cell.codec.as_str();
            if codecs.iter().all(|(_, known, _)| *known != name) {
                let league = League::of(record, name);
                let place = league.and_then(|own| League::ALL.iter().position(|all| *all == own)).unwrap_or_default();
                codecs.push((place, name, format!("{name}{}", league.map_or("", League::note))));
            }
        }
        transports.sort_by_key(|(isolation, _)| *isolation);
        codecs.sort_unstable();
        let widest = codecs.iter().map(|(.., shown)| width(shown, CODEC)).max().unwrap_or_default();
        let highest = transports.iter().map(|(_, name)| slanted(name)).max().unwrap_or_default();
        Self { transports, codecs, left: MARGIN + widest + GAP / 2, top: WORKLOADS + highest + 28 }
    }

    /// How wide each message is.
    const fn panel(&self) -> usize {
        self.transports.len() * CELL.0
    }

    /// Where the names end that reach farthest to the right, of so many messages.
    fn right(&self, panels: usize) -> usize {
        let end = self.left + panels * (self.panel() + GAP) - GAP;
        let behind = |(place, (_, name)): (usize, &(Isolation, &str))| {
            (slanted(name) + CELL.0 / 2).saturating_sub((place + 1) * CELL.0)
        };
        end + self.transports.iter().rev().enumerate().map(behind).max().unwrap_or_default()
    }

    /// One message: its heading, its transports, its cells.
    fn draw(&self, body: &mut String, panel: &Panel<'_>, left: usize) {
        let payload = panel.cells.iter().find_map(|cell| cell.payload_bytes);
        let payload = payload.map_or_else(String::new, |payload| format!(", {}", bytes(payload.round())));
        let heading = format!("{}{payload}", panel.message);
        text(body, (left as f64, WORKLOADS as f64), "class=\"workload\"", &heading);
        let range = panel.range();
        for (column, (isolation, transport)) in self.transports.iter().enumerate() {
            let x = left + column * CELL.0;
            let middle = (x + CELL.0 / 2) as f64;
            let (class, name) = ((self.top - 7) as f64, (self.top - 22) as f64);
            let slant = format!("class=\"transport\" transform=\"rotate(-45 {middle} {name})\"");
            text(body, (middle, name), &slant, transport);
            text(body, (middle, class), "class=\"class\" text-anchor=\"middle\"", isolation.name());
            for (row, (_, codec, _)) in self.codecs.iter().enumerate() {
                let is = |cell: &&&CellRecord| cell.cell.codec == *codec && cell.cell.transport == *transport;
                if let Some(cell) = panel.cells.iter().find(is) {
                    draw_cell(body, panel, (x, self.top + row * CELL.1), cell, range);
                }
            }
        }
    }
}

/// The picture of a record.
pub fn render(record: &Record) -> Result<String, ReportError> {
    let workloads = workloads(record);
    let panels: Vec<Panel<'_>> = workloads.iter().filter_map(|(_, message)| Panel::of(record, message)).collect();
    if panels.is_empty() {
        return Ok(empty(record));
    }
    let (grid, mut body) = (Grid::of(record, &panels), String::new());
    for (row, (.., shown)) in grid.codecs.iter().enumerate() {
        let y = grid.top + row * CELL.1 + 17;
        text(&mut body, (MARGIN as f64, y as f64), "class=\"codec\"", shown);
    }
    for (place, panel) in panels.iter().enumerate() {
        grid.draw(&mut body, panel, grid.left + place * (grid.panel() + GAP));
    }
    let height = grid.top + grid.codecs.len() * CELL.1 + 56;
    let widest = legend(&mut body, record, height).max(grid.right(panels.len()));
    Ok(document(widest + MARGIN, height, &body))
}

fn draw_cell(body: &mut String, panel: &Panel<'_>, (x, y): (usize, usize), cell: &CellRecord, range: (f64, f64)) {
    let (fill, ink, shown) = match (cell.status, figure(cell)) {
        (Status::Ok, Some(ns)) => {
            // By the logarithm: the slowest may be a hundred times the fastest.
            let part = if range.1 > range.0 { (ns / range.0).ln() / (range.1 / range.0).ln() } else { 0.0 };
            let fill = palette::heat(part);
            let ink = if palette::takes_black(fill) { "#000" } else { "#fff" };
            (palette::hex(fill), ink, time(ns))
        }
        (Status::Ok, None) => ("#eee".to_owned(), "#444", "no figure".to_owned()),
        (Status::Unsupported, _) => ("#eee".to_owned(), "#444", "unsupp.".to_owned()),
        (Status::Failed, _) => ("#eee".to_owned(), "#a00", "failed".to_owned()),
    };
    let best = panel.bests.iter().any(|best| best.marks(cell));
    let (width, height) = (CELL.0 - 2, CELL.1 - 2);
    let _ = write!(body, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"3\" fill=\"{fill}\"/>");
    let class = if best { "value best" } else { "value" };
    let attributes = format!("class=\"{class}\" text-anchor=\"middle\" fill=\"{ink}\"");
    text(body, ((x + width / 2) as f64, (y + 16) as f64), &attributes, &shown);
    if best {
        let (from, to, line) = (x + 10, x + width - 10, y + height - 4);
        let _ = writeln!(body, "<path d=\"M{from} {line}H{to}\" stroke=\"{ink}\" stroke-width=\"1.5\"/>");
    }
}

/// The texts above and below; returns where the widest ends.
fn legend(body: &mut String, record: &Record, height: usize) -> usize {
    let title = format!("One message: encode, hand over, build the checked Rust value (task {TASK})");
    let best = if can_tell(record) {
        "bold, underlined: the best of its isolation class and what is not told apart from it"
    } else {
        "without readings of two rounds nothing is marked as the best"
    };
    let marks = format!("{best}; \u{2020} encodes nothing, \u{2021} checks nothing: ranked apart");
    let colours = format!("dark: fast, light: slow, by the logarithm, for each message; run {}", record.run_id);
    let bottom = height as f64;
    let lines =
        [(30.0, "title", TITLE, title), (bottom - 32.0, "note", NOTE, marks), (bottom - 15.0, "note", NOTE, colours)];
    for (y, class, _, shown) in &lines {
        text(body, (MARGIN as f64, *y), &format!("class=\"{class}\""), shown);
    }
    lines.iter().map(|(_, _, size, shown)| MARGIN + width(shown, *size)).max().unwrap_or_default()
}

fn empty(record: &Record) -> String {
    let mut body = String::new();
    let wanted: Vec<String> = workloads(record).into_iter().map(|(_, message)| message).collect();
    let missing = format!("Run {} has none of {} with the task {TASK}.", record.run_id, wanted.join(", "));
    text(&mut body, (MARGIN as f64, 40.0), "class=\"title\"", &missing);
    document(2 * MARGIN + width(&missing, TITLE), 64, &body)
}

fn document(width: usize, height: usize, body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-label=\"codec by transport, time of a message\">\n<style>\
         text{{font:{TRANSPORT}px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}}text:not([fill]){{fill:#222}}\
         .title{{font-size:{TITLE}px;font-weight:600}}.workload{{font-size:13px;font-weight:600}}\
         .codec{{font-size:{CODEC}px}}\
         .class,.note{{font-size:{NOTE}px;fill:#555}}.best{{font-weight:700}}</style>\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"#fff\" stroke=\"#ccc\"/>\n{body}</svg>\n",
        width - 1,
        height - 1,
    )
}

/// Text at a place; what XML does not take is left out.
fn text(body: &mut String, (x, y): (f64, f64), attributes: &str, shown: &str) {
    let shown: String = shown.chars().filter(|char| !char.is_control()).collect();
    let _ = writeln!(body, "<text x=\"{x}\" y=\"{y}\" {attributes}>{}</text>", html_escape::encode_text(&shown));
}
