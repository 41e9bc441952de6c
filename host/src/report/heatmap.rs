//! `heatmap.svg`: codec × transport of the answer's workloads as a picture that stands alone, with a
//! background of its own, so that it can be read on a light and on a dark page.

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
const LABELS: usize = 116;
const GAP: usize = 18;
const MARGIN: usize = 16;
/// Where the first row of cells begins: below the title, the workloads and the transports.
const TOP: usize = 104;

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

/// The picture of a record.
pub fn render(record: &Record) -> Result<String, ReportError> {
    let workloads = workloads(record);
    let panels: Vec<Panel<'_>> = workloads.iter().filter_map(|(_, message)| Panel::of(record, message)).collect();
    let cells = || panels.iter().flat_map(|panel| &panel.cells);
    let mut transports: Vec<(Isolation, &str)> = Vec::new();
    let mut codecs: Vec<(usize, &str)> = Vec::new();
    for cell in cells() {
        let transport = (cell.isolation, cell.cell.transport.as_str());
        if !transports.contains(&transport) {
            transports.push(transport);
        }
        let league =
            League::of(record, &cell.cell.codec).and_then(|own| League::ALL.iter().position(|all| *all == own));
        let codec = (league.unwrap_or_default(), cell.cell.codec.as_str());
        if !codecs.contains(&codec) {
            codecs.push(codec);
        }
    }
    transports.sort_by_key(|(isolation, _)| *isolation);
    codecs.sort_unstable();
    if panels.is_empty() {
        return Ok(empty(record));
    }
    let mut body = String::new();
    for (row, (_, codec)) in codecs.iter().enumerate() {
        let note = League::of(record, codec).map_or("", League::note);
        let y = TOP + row * CELL.1 + 17;
        text(&mut body, (MARGIN as f64, y as f64), "class=\"codec\"", &format!("{codec}{note}"));
    }
    let panel_width = transports.len() * CELL.0;
    for (place, panel) in panels.iter().enumerate() {
        let left = MARGIN + LABELS + place * (panel_width + GAP);
        draw(&mut body, panel, left, &transports, &codecs);
    }
    let width = 2 * MARGIN + LABELS + panels.len() * (panel_width + GAP) - GAP;
    let height = TOP + codecs.len() * CELL.1 + 56;
    legend(&mut body, record, height);
    Ok(document(width.max(620), height, &body))
}

/// One message: its heading, its transports, its cells.
fn draw(body: &mut String, panel: &Panel<'_>, left: usize, transports: &[(Isolation, &str)], codecs: &[(usize, &str)]) {
    let payload = panel.cells.iter().find_map(|cell| cell.payload_bytes);
    let payload = payload.map_or_else(String::new, |payload| format!(", {}", bytes(payload.round())));
    text(body, (left as f64, 62.0), "class=\"workload\"", &format!("{}{payload}", panel.message));
    let range = panel.range();
    for (column, (isolation, transport)) in transports.iter().enumerate() {
        let x = left + column * CELL.0;
        let middle = (x + CELL.0 / 2) as f64;
        text(body, (middle, 82.0), "class=\"class\" text-anchor=\"middle\"", isolation.name());
        text(body, (middle, 97.0), "class=\"transport\" text-anchor=\"middle\"", transport);
        for (row, (_, codec)) in codecs.iter().enumerate() {
            let cell = panel.cells.iter().find(|cell| cell.cell.codec == *codec && cell.cell.transport == *transport);
            if let Some(cell) = cell {
                draw_cell(body, panel, (x, TOP + row * CELL.1), cell, range);
            }
        }
    }
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

fn legend(body: &mut String, record: &Record, height: usize) {
    let title = format!("One message: encode, hand over, build the checked Rust value (task {TASK})");
    text(body, (MARGIN as f64, 30.0), "class=\"title\"", &title);
    let best = if can_tell(record) {
        "bold, underlined: the best of its isolation class and what is not told apart from it"
    } else {
        "without readings of two rounds nothing is marked as the best"
    };
    let marks = format!("{best}; \u{2020} encodes nothing, \u{2021} checks nothing: ranked apart");
    text(body, (MARGIN as f64, height as f64 - 32.0), "class=\"note\"", &marks);
    let colours = format!("dark: fast, light: slow, by the logarithm, for each message; run {}", record.run_id);
    text(body, (MARGIN as f64, height as f64 - 15.0), "class=\"note\"", &colours);
}

fn empty(record: &Record) -> String {
    let mut body = String::new();
    let wanted: Vec<String> = workloads(record).into_iter().map(|(_, message)| message).collect();
    let missing = format!("Run {} has none of {} with the task {TASK}.", record.run_id, wanted.join(", "));
    text(&mut body, (MARGIN as f64, 40.0), "class=\"title\"", &missing);
    document(720, 64, &body)
}

fn document(width: usize, height: usize, body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-label=\"codec by transport, time of a message\">\n<style>\
         text{{font:12px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}}text:not([fill]){{fill:#222}}\
         .title{{font-size:15px;font-weight:600}}.workload{{font-size:13px;font-weight:600}}\
         .codec{{font-size:13px}}\
         .class,.note{{font-size:11px;fill:#555}}.best{{font-weight:700}}</style>\n\
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
