//! `report.html` as readers meet it: opened in Chromium, driven through its fragment.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use regex::Regex;
use serde_json::{Value, json};
use weft::record::{CellRecord, load};
use weft::report::FORMATS;
use weft_link::guest::{Traits, Validation};
use weft_link::transport::Isolation;

use crate::support::fixture;
use crate::support::fixture::{record, run};
use crate::support::opened::{Page, column, columns, is_sound, root, rows, set, without_data};
use crate::support::other_hosts;
use crate::support::other_hosts::OTHERS;
use crate::support::report_page::{complete, opened, render};

/// A workload that the record has with most codecs, and its cells.
fn workload(json: &Value) -> (String, String, Vec<CellRecord>) {
    let record = record(json);
    let mut cells: BTreeMap<(String, String), Vec<CellRecord>> = BTreeMap::new();
    for cell in record.cells {
        cells.entry((cell.message(), cell.task().to_owned())).or_default().push(cell);
    }
    let ((message, task), cells) = cells.into_iter().max_by_key(|(_, cells)| cells.len()).expect("cells");
    (message, task, cells)
}

#[test]
fn a_page_is_sound_with_and_without_every_figure() {
    for json in [run(), complete(), other_hosts::run()] {
        let Some(page) = opened(&json) else { return };
        is_sound(&page);
    }
}

#[test]
fn every_chart_is_drawn_where_the_run_has_its_figures() {
    let Some(page) = opened(&complete()) else { return };
    let dom = page.at("");
    for section in ["latency", "parts", "sizes", "copies", "tails"] {
        let body = dom.split(&format!("<section id=\"{section}\"")).nth(1).expect("a section");
        let body = body.split("</section>").next().expect("an end");
        assert!(body.contains("<svg viewBox"), "{section} has no chart: {body:.300}");
    }
    assert!(dom.contains("wins above"), "no crossover is marked");
    let reasons = page.at("open=tails&all=tails");
    assert!(reasons.contains("too short to be timed alone"));
    let parts = page.at("open=parts");
    for end in ["encode-low", "encode-high", "residual-low", "residual-high"] {
        assert!(column(&parts, "parts", end).iter().any(|value| value.parse::<f64>().is_ok()), "{end}");
    }
    assert!(dom.contains("<code>cargo weft report the-run</code>"), "the command that makes the page again");
}

#[test]
fn a_run_without_them_says_what_it_lacks() {
    let mut json = run();
    for cell in json["cells"].as_array_mut().expect("cells") {
        for key in ["exact", "attribution_ns", "tail_ns", "tail_reason", "first_message_ns"] {
            cell[key] = Value::Null;
        }
    }
    let Some(page) = opened(&json) else { return };
    let dom = page.at("");
    for text in ["did not measure encoding, transport and reading", "timed no single messages", "has no exact figures"]
    {
        assert!(dom.contains(text), "the page does not say `{text}`");
    }
}

#[test]
fn numbers_are_those_of_the_record() {
    let json = run();
    let Some(page) = opened(&json) else { return };
    let dom = page.at("all=cells");
    let at = columns(&dom, "cells");
    let shown: BTreeMap<String, [f64; 3]> = rows(&dom, "cells")
        .into_iter()
        .map(|row| {
            let name = ["message", "task", "codec", "transport"].map(|key| row[at[key]].clone()).join("/");
            (name, ["time", "low", "high"].map(|key| row[at[key]].parse().expect("a number")))
        })
        .collect();
    let record = record(&json);
    assert_eq!(shown.len(), record.cells.len());
    for cell in record.measured() {
        let latency = cell.latency_ns.expect("a latency");
        assert_eq!(shown[&cell.name()], [latency.value, latency.low, latency.high], "{}", cell.name());
    }
    let boundary: BTreeMap<String, f64> = column(&dom, "boundary", "name")
        .into_iter()
        .zip(column(&dom, "boundary", "ns").iter().map(|ns| ns.parse().expect("a number")))
        .collect();
    assert_eq!(boundary, record.boundary.into_iter().map(|(name, time)| (name, time.latency.value)).collect());
}

#[test]
fn filters_keep_what_they_say() {
    let json = run();
    let record = record(&json);
    let (message, task, cells) = workload(&json);
    let Some(page) = opened(&json) else { return };
    let codecs = |keeps: &dyn Fn(&Traits) -> bool| -> BTreeSet<String> {
        let names = cells.iter().map(|cell| cell.cell.codec.clone());
        names.filter(|name| keeps(&record.environment.codecs[name].traits)).collect()
    };
    let shown = |fragment: &str, key: &str| -> BTreeSet<String> {
        let dom = page.at(&format!("message={message}&task={task}&open=latency&{fragment}"));
        set(&column(&dom, "latency", key))
    };
    let all = codecs(&|_| true);
    let up_front = Validation::UpFront;
    let cases = [
        ("", all.clone()),
        ("schema=yes", codecs(&|traits| traits.schema == Some(true))),
        ("in-place=no", codecs(&|traits| traits.in_place == Some(false))),
        ("validates=up%20front", codecs(&|traits| traits.validates == Some(up_front))),
        ("validates=yes", codecs(&|traits| traits.validates != Some(Validation::None))),
    ];
    for (fragment, expected) in cases {
        assert!(
            !expected.is_empty() && (fragment.is_empty() || expected.len() < all.len()),
            "{fragment} tells nothing"
        );
        assert_eq!(shown(fragment, "codec"), expected, "{fragment}");
    }
    assert_eq!(shown("isolation=full", "isolation"), BTreeSet::from(["full".to_owned()]));
    let expected: BTreeSet<String> =
        cells.iter().filter(|cell| cell.isolation != Isolation::Full).map(|cell| cell.cell.transport.clone()).collect();
    assert_eq!(shown("isolation=window,none", "transport"), expected);
    let none = page.at(&format!("message={message}&task={task}&schema=yes&in-place=no"));
    assert!(none.contains("passes the filter") && none.contains("Clear the filter"));
}

/// The cells of `report.md` that are the best of their class or tie with it.
fn bold(markdown: &str) -> BTreeSet<String> {
    let section = markdown.split("\n## Every message and task\n").nth(1).expect("a section");
    let section = section.split("\n## ").next().expect("an end");
    let mut found = BTreeSet::new();
    for table in section.split("\n### ").skip(1) {
        let (message, rest) = table.split_once(' ').expect("a message");
        let task = rest.split([',', '\n']).next().expect("a task");
        let mut rows = table.lines().filter(|line| line.starts_with("| "));
        let columns = |row: &str| row.split('|').map(|text| text.trim().to_owned()).collect::<Vec<_>>();
        let head = columns(rows.next().expect("a head"));
        for row in rows.map(columns) {
            let codec = row[1].trim_end_matches([' ', '†', '‡']);
            for (column, _) in row.iter().enumerate().filter(|(_, text)| text.starts_with("**")) {
                let transport = head[column].split(": ").nth(1).expect("a transport");
                found.insert(format!("{message}/{task}/{codec}/{transport}"));
            }
        }
    }
    found
}

/// The cells of a page that have a rank, and which.
fn ranks(dom: &str) -> BTreeMap<String, String> {
    let at = columns(dom, "cells");
    let named = |row: &Vec<String>| ["message", "task", "codec", "transport"].map(|key| row[at[key]].clone()).join("/");
    let all = rows(dom, "cells").into_iter().map(|row| (named(&row), row[at["rank"]].clone()));
    all.filter(|(_, rank)| !rank.is_empty()).collect()
}

#[test]
fn ranks_are_those_of_the_other_formats_and_follow_the_filter() {
    let json = run();
    let record = record(&json);
    let Some(page) = opened(&json) else { return };
    let whole = ranks(&page.at("all=cells"));
    assert_eq!(whole.keys().cloned().collect::<BTreeSet<_>>(), bold(&render(&json, "report.md")));
    let traits = |cell: &CellRecord| record.environment.codecs[&cell.cell.codec].traits.clone();
    let passing = |cell: &&CellRecord| traits(cell).schema == Some(true) && !record.is_floor(&cell.cell.codec);
    let filtered = ranks(&page.at("all=cells&schema=yes"));
    let best = |ranks: &BTreeMap<String, String>| -> BTreeSet<String> {
        ranks.iter().filter(|(_, rank)| *rank == "best").map(|(name, _)| name.clone()).collect()
    };
    assert!(best(&filtered).is_disjoint(&best(&whole)), "the filter leaves out no best codec: it tells nothing");
    // The fastest of those with a schema, by hand: they are all of one league.
    let mut fastest: BTreeMap<_, &CellRecord> = BTreeMap::new();
    let median = |cell: &CellRecord| cell.latency_ns.expect("a latency").value;
    for cell in record.measured().filter(passing) {
        let Traits { encodes, validates, .. } = traits(cell);
        assert!(encodes == Some(true) && validates != Some(Validation::None), "{}", cell.cell.codec);
        let place = fastest.entry((cell.message(), cell.task(), cell.isolation)).or_insert(cell);
        if median(cell) < median(place) {
            *place = cell;
        }
    }
    assert_eq!(best(&filtered), fastest.values().map(|cell| cell.name()).collect());
}

/// Which way wins over which, and from which size on.
fn crossings(dom: &str) -> BTreeSet<[String; 3]> {
    let at = columns(dom, "crossings");
    let all = rows(dom, "crossings").into_iter().filter(|row| row.len() == at.len());
    all.map(|row| ["wins", "over", "above"].map(|key| row[at[key]].clone())).collect()
}

/// Gives the logs' cells over `direct` times at which two codecs cross above a third; returns the sizes by message.
fn crossing(json: &mut Value) -> BTreeMap<String, f64> {
    let mut times = BTreeMap::new();
    let cells = |json: &mut Value| json["cells"].as_array_mut().expect("cells").clone();
    let is = |cell: &Value| cell["transport"] == "direct" && cell["task"] == "own";
    for (place, cell) in cells(json).iter().enumerate().filter(|(_, cell)| is(cell)) {
        let small = cell["message"] == "log@1";
        let time = match cell["codec"].as_str().expect("a codec") {
            "flatbuffers" if small => 100.0,
            "capnp" if !small => 100.0,
            "bytes" => 10.0,
            _ => 1000.0,
        };
        json["cells"][place]["readings"] = json!(fixture::readings(&format!("cell {place}"), time));
        times.insert(place, time);
    }
    fixture::settle(json);
    // Exactly, so that it is known where they meet.
    for (place, time) in times {
        json["cells"][place]["latency_ns"] = json!({ "value": time, "low": 0.99 * time, "high": 1.01 * time });
    }
    let size = |cell: &Value| Some((cell["message"].as_str()?.to_owned(), cell["payload_bytes"].as_f64()?));
    cells(json).iter().filter(|cell| is(cell)).filter_map(size).collect()
}

/// Two codecs that cross above a third, which is faster throughout: with the third left out they are a choice.
#[test]
fn crossovers_follow_the_filter() {
    let mut json = run();
    let sizes = crossing(&mut json);
    let Some(page) = opened(&json) else { return };
    let at = |fragment: &str| {
        crossings(&page.at(&format!("lines=codec:direct&kind=log&line-task=own&open=crossings&{fragment}")))
    };
    assert_eq!(at(""), BTreeSet::new());
    let found = at("schema=yes");
    // Straight in the logarithms, they meet half-way.
    let middle = (sizes["log@1"] * sizes["log@100"]).sqrt();
    let [wins, over, above] = found.first().expect("a crossover");
    assert_eq!((wins.as_str(), over.as_str(), found.len()), ("capnp", "flatbuffers", 1));
    assert!((above.parse::<f64>().expect("a size") / middle - 1.0).abs() < 1e-9, "{above} is not {middle}");
}

#[test]
fn printing_draws_every_section() {
    let Some(page) = opened(&complete()) else { return };
    let dom = page.driven(
        "dispatchEvent(new Event('beforeprint'));\
         document.body.dataset.pending = document.querySelectorAll('.pending').length;\
         document.body.dataset.narrow = [...document.querySelectorAll('figure > svg')]\
             .filter((chart) => chart.getAttribute('width') !== '960').length;",
    );
    assert!(dom.contains("data-pending=\"0\""), "sections were not drawn when the page was printed");
    assert!(dom.contains("data-narrow=\"0\""), "charts are not as wide as a sheet");
}

#[test]
fn tables_sort_both_ways_with_what_is_missing_last() {
    let mut json = run();
    let first = &mut json["cells"][20];
    first["status"] = json!("failed");
    first["latency_ns"] = Value::Null;
    let Some(page) = opened(&json) else { return };
    let numbers = |dom: &str| -> Vec<f64> {
        let medians = column(dom, "cells", "time");
        let (last, rest) = medians.split_last().expect("rows");
        assert_eq!(last, "", "the cell without figures is not last");
        rest.iter().map(|value| value.parse().expect("a number")).collect()
    };
    let up = page.at("all=cells&sort.cells=time");
    assert!(numbers(&up).is_sorted() && up.contains("data-key=\"time\" aria-sort=\"ascending\""));
    let down = page.at("all=cells&sort.cells=-time");
    assert!(numbers(&down).iter().rev().is_sorted() && down.contains("aria-sort=\"descending\""));
    let by_name = column(&page.at("all=cells&sort.cells=codec"), "cells", "codec");
    assert!(by_name.is_sorted() && set(&by_name).len() > 3);
}

#[test]
fn what_a_reader_does_is_in_the_fragment() {
    let (message, task, cells) = workload(&run());
    let actions = format!(
        "const choose = (id, value) => {{ const list = document.getElementById(id); list.value = value;\
         list.dispatchEvent(new Event('change')); }};\
         choose('choose-message', '{message}'); choose('choose-task', '{task}'); choose('choose-value', 'ratio');\
         document.getElementById('tick-isolation-none').click();\
         document.querySelector('#rows-matrix th[data-key=codec] button').click();\
         document.querySelector('#table-matrix-cells summary').click();\
         setTimeout(() => {{ document.body.dataset.fragment = location.hash; }}, 1000);"
    );
    let Some(page) = opened(&run()) else { return };
    let dom = page.driven(&actions);
    let fragment = dom.split("data-fragment=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a fragment");
    let parts: BTreeSet<&str> = fragment.trim_start_matches('#').split("&amp;").collect();
    for part in ["value=ratio", "isolation=full,window", "sort.matrix=codec", "open=matrix-cells"] {
        assert!(parts.contains(part), "`{part}` is not in {fragment}");
    }
    let shown = set(&column(&dom, "matrix-cells", "codec"));
    assert_eq!(shown, cells.iter().map(|cell| cell.cell.codec.clone()).collect());
    assert!(!column(&dom, "matrix-cells", "isolation").contains(&"none".to_owned()));
}

/// What the page's tables of hosts have in a column, by host, message, codec and transport.
fn of_hosts(dom: &str, key: &str) -> BTreeMap<String, f64> {
    let at = columns(dom, "host-cells");
    let named = |row: &Vec<String>| {
        let [host, work, codec, transport] = ["host", "work", "codec", "transport"].map(|key| row[at[key]].clone());
        format!("{}/{codec}/{transport}@{host}", work.replace(' ', "/"))
    };
    rows(dom, "host-cells").iter().map(|row| (named(row), row[at[key]].parse().expect("a number"))).collect()
}

#[test]
fn hosts_are_beside_weft_s_own() {
    let json = other_hosts::run();
    let record = record(&json);
    let Some(page) = opened(&json) else { return };
    let dom = page.at("open=host-cells");
    let (times, ratios) = (of_hosts(&dom, "ns"), of_hosts(&dom, "ratio"));
    let others: Vec<_> = record.all_measured().filter(|cell| !cell.cell.is_own()).collect();
    assert_eq!(ratios.len(), others.len());
    for cell in others {
        let (_, _, factor, _) = OTHERS.iter().find(|(host, ..)| cell.cell.host == *host).expect("a host");
        assert_eq!(Some(times[&cell.name()]), cell.latency_ns.map(|latency| latency.value), "{}", cell.name());
        assert!((ratios[&cell.name()] / factor - 1.0).abs() < 1e-5, "{}: {}", cell.name(), ratios[&cell.name()]);
    }
    let costs = column(&dom, "wasm-cost", "cost-native");
    assert_eq!(costs.iter().filter(|cost| *cost == "2").count(), 3 * 5, "{costs:?}");
    let means = column(&dom, "settings", "host").into_iter().zip(column(&dom, "settings", "mean"));
    let expected = [("wasmtime+epochs", "1"), ("wasmtime+fuel", "1.25")].map(|(host, mean)| (host.into(), mean.into()));
    assert_eq!(means.collect::<BTreeSet<(String, String)>>(), BTreeSet::from(expected));
    assert_eq!(set(&column(&dom, "settings", "order")), BTreeSet::from(["the same".to_owned()]));
    assert_eq!(columns(&dom, "engine-node").keys().collect::<Vec<_>>(), ["codec", "direct", "linked", "relay"]);
    assert_eq!(column(&dom, "hosts", "host").len(), 1 + OTHERS.len());
    let missing = rows(&dom, "host-missing").concat().join(" ");
    assert!(missing.contains("V8 maps no pages") && missing.contains("15 over window"), "{missing}");
    assert!(missing.contains("out of fuel") && missing.contains("log@1/own/bincode/relay@wasmtime+fuel"), "{missing}");
    assert!(dom.contains("1 cells of other hosts failed; under Hosts is why."));
}

/// Alone, where nothing can be compared cell by cell, and among others.
#[test]
fn a_host_whose_only_way_is_its_own_has_a_table_of_what_that_costs() {
    for (run, others) in [(run(), 0), (other_hosts::run(), OTHERS.len())] {
        let json = other_hosts::with_a_plugin_system(run, 3.0);
        let Some(page) = opened(&json) else { return };
        let dom = page.at("open=host-cells");
        assert_eq!(column(&dom, "hosts", "host").len(), 1 + others + 1);
        let [ns, bare, cost] = ["ns", "bare", "cost"].map(|key| column(&dom, "ways-extism", key));
        assert_eq!(ns.len(), 3 * 5);
        let number = |text: &String| text.parse::<f64>().expect("a number");
        for ((ns, bare), cost) in ns.iter().map(number).zip(bare.iter().map(number)).zip(cost.iter().map(number)) {
            assert!(
                (ns / bare / 3.0 - 1.0).abs() < 1e-4 && (cost / bare / 2.0 - 1.0).abs() < 1e-4,
                "{ns} {bare} {cost}"
            );
        }
        assert_eq!(set(&column(&dom, "ways-extism", "way")), BTreeSet::from(["kernel".to_owned()]));
        assert!(!dom.contains("rows-engine-extism"));
        assert_eq!(dom.contains("rows-host-cells"), others > 0);
    }
}

#[test]
fn the_chart_of_hosts_is_of_what_is_asked_for() {
    let Some(page) = opened(&other_hosts::run()) else { return };
    // Its caption, and how many rows it has.
    let chart = |fragment: &str| {
        let dom = page.at(fragment);
        let section = dom.split("<section id=\"hosts\"").nth(1).and_then(|rest| rest.split("</section>").next());
        let figure = section.and_then(|section| section.split("</figure>").next()).expect("a chart");
        let caption = figure.split("<figcaption>").nth(1).and_then(|rest| rest.split('<').next()).expect("a caption");
        (caption.to_owned(), figure.matches("class=\"whisker\"").count())
    };
    let of = |message: &str, transport: &str| format!("{message} own over {transport}: hosts beside weft's own");
    // Every host has `linked`; over `relay` the first cell on wasmtime+fuel failed.
    assert_eq!(chart(""), (of("log@1", "linked"), 5 * 4));
    assert_eq!(chart("host-transport=relay"), (of("log@1", "relay"), 5 * 3 - 1));
    assert_eq!(chart("host-message=log@100%20own&host-transport=adapter"), (of("log@100", "adapter"), 5));
    // It follows the page's message where other hosts have it.
    assert_eq!(chart("message=blob@65536").0, of("blob@65536", "linked"));
    assert_eq!(chart("message=mesh@1000").0, of("log@1", "linked"));
    assert_eq!(chart("host-message=nonsense&host-transport=nonsense").0, of("log@1", "linked"));
}

/// Without other hosts there is nothing of them; with them the other sections are those of weft's own host.
#[test]
fn other_sections_are_of_weft_s_own_host() {
    let (Some(alone), Some(page)) = (opened(&run()), opened(&other_hosts::run())) else { return };
    let fragment = "all=cells&open=latency,matrix-cells,parts,counted,sizes,crossings";
    let (without, with) = (alone.at(fragment), page.at(fragment));
    for text in ["id=\"hosts\"", "at=hosts", "wasmtime+fuel", "Host"] {
        assert!(!without_data(&without).contains(text), "the page knows of {text}");
    }
    assert!(without_data(&with).contains("id=\"hosts\"") && without_data(&with).contains("at=hosts"));
    let tables = ["answer", "matrix", "matrix-cells", "latency", "parts", "counted", "sizes", "crossings", "cells"];
    for table in tables.into_iter().chain(["limits", "boundary", "task-floor", "codecs"]) {
        assert_eq!(rows(&with, table), rows(&without, table), "{table} is not of weft's own host");
    }
    assert_eq!(render(&other_hosts::run(), "heatmap.svg"), render(&run(), "heatmap.svg"));
    let lines = |json: &Value| render(json, "cells.csv").lines().map(str::to_owned).collect::<Vec<_>>();
    let (all, own) = (lines(&other_hosts::run()), lines(&run()));
    assert_eq!(all[..own.len()], own);
    assert!(
        all[0].ends_with(",run_id,host,rounds,placements,calm_rounds,calm_rate,code_bytes,failed_rounds"),
        "{}",
        all[0]
    );
    assert!(all[1].contains(",wasmtime,14,84,"), "{}", all[1]);
    assert!(all.len() > own.len() && all[all.len() - 1].contains(",wasmtime+epochs,14,84,"));
}

#[test]
fn hostile_names_are_text() {
    const EVIL: &str = "<script>document.body.remove()</script>";
    let text = serde_json::to_string(&other_hosts::run()).expect("JSON");
    let mut json: Value = serde_json::from_str(&text.replace("\"bincode\"", &json!(EVIL).to_string())).expect("JSON");
    json["run_id"] = json!("</title><script>weft.errors.push(1)</script>{{data}}");
    json["environment"]["command_line"] = json!("</script><!--<script>");
    json["filter"] = json!("<img src=x onerror=weft.errors.push(2)>");
    for cell in json["cells"].as_array_mut().expect("cells").iter_mut().skip(60).take(30) {
        cell["status"] = json!("failed");
        cell["reason"] = json!("</script><img src=x onerror=document.body.remove()> \u{2028} `${weft}`");
        cell["latency_ns"] = Value::Null;
    }
    // What another program says of itself.
    json["hosts"]["node"]["engine"]["settings"] = json!("</script><img src=x onerror=weft.errors.push(3)>");
    let text = serde_json::to_string(&json).expect("JSON").replace("\"node\"", "\"<b>node\"");
    let json: Value = serde_json::from_str(&text).expect("JSON");
    let picture = render(&json, "heatmap.svg");
    assert!(!picture.contains("<script") && picture.contains("&lt;script"), "{picture}");
    let Some(page) = opened(&json) else { return };
    let dom = page.at("all=missing,cells&open=latency,matrix-cells,host-cells");
    assert_eq!(dom.matches("<script>").count() + dom.matches("<script type").count() - evil_attributes(&dom), 3);
    let shown = without_data(&dom);
    assert!(!shown.contains("<img") && !shown.contains("<b>node</"), "markup of a name became an element");
    assert!(shown.contains("&lt;script&gt;document.body.remove()") && shown.contains("&lt;img src=x onerror"));
    is_sound(&page);
}

/// How often a script's tag stands inside of attributes, where it is text: browsers before 2025 write it there as it is.
fn evil_attributes(dom: &str) -> usize {
    let attribute = Regex::new("=\"[^\"]*<script[^\"]*\"").expect("a pattern");
    attribute.find_iter(dom).count()
}

/// The fixture's run with some of its cells.
fn with_cells(keeps: &dyn Fn(&Value) -> bool) -> Value {
    let mut json = run();
    json["cells"].as_array_mut().expect("cells").retain(|cell| keeps(cell));
    json
}

/// An interrupted run that measured nothing.
fn empty() -> Value {
    let mut nothing = with_cells(&|_| false);
    nothing["complete"] = json!(false);
    nothing["filter"] = json!("^nothing$");
    nothing["boundary"] = json!({});
    nothing["task_floor_ns"] = json!({});
    nothing["environment"]["codecs"] = json!({});
    nothing
}

/// A run all of whose cells failed.
fn failed() -> Value {
    let mut failed = complete();
    for cell in failed["cells"].as_array_mut().expect("cells") {
        cell["status"] = json!("failed");
        cell["reason"] = json!("wasm trap: unreachable\nits backtrace");
        for figure in
            ["latency_ns", "exact", "attribution_ns", "tail_ns", "first_message_ns", "wire_bytes", "payload_bytes"]
        {
            cell[figure] = Value::Null;
        }
    }
    failed
}

/// A page that misses something says so, and has no broken chart.
#[test]
fn what_is_missing_is_said() {
    let whole = record(&run());
    let is_floor = |cell: &Value| whole.is_floor(cell["codec"].as_str().expect("a codec"));
    let mut null = complete();
    for cell in null["cells"].as_array_mut().expect("cells") {
        cell["latency_ns"] = Value::Null;
    }
    let nothing =
        ["This run was interrupted", "only what matches ^nothing$", "This run has no cells.", "no boundary figures"];
    let cases: [(Value, &[&str]); 5] = [
        (empty(), &nothing),
        (with_cells(&|cell| !is_floor(cell)), &["This run has no floor"]),
        (with_cells(&is_floor), &["not in this run"]),
        (null, &["were verified and have no latency", "no figure"]),
        (failed(), &["cells failed while they were timed", "wasm trap: unreachable"]),
    ];
    for (json, texts) in cases {
        let picture = render(&json, "heatmap.svg");
        assert!(picture.starts_with("<svg") && !picture.contains("NaN"), "{picture}");
        let Some(page) = opened(&json) else { return };
        for fragment in
            ["", "value=above", "value=ratio&lines=nonsense&count=nonsense&message=nonsense&sort.cells=nonsense"]
        {
            let dom = page.at(fragment);
            for text in texts {
                assert!(without_data(&dom).contains(text), "at #{fragment} the page does not say `{text}`");
            }
        }
    }
}

/// What `report.md` lists beside cells without figures, the page lists, too.
#[test]
fn what_failed_beside_cells_is_in_every_format() {
    let mut json = run();
    json["failed"] = json!({ "boundary/compile": "out of memory\nits backtrace" });
    json["cells"][3]["failed_rounds"] = json!(2);
    let name = record(&json).cells[3].name();
    let markdown = render(&json, "report.md");
    assert!(markdown.contains("- **failed**: boundary/compile: out of memory\n"), "{markdown}");
    assert!(markdown.contains(&format!("- {name}: 2 rounds failed, others did not\n")), "{markdown}");
    let csv = render(&json, "cells.csv");
    let of_cells: Vec<&str> = csv.lines().skip(1).filter_map(|line| line.rsplit(',').next()).collect();
    assert_eq!((of_cells[3], of_cells.iter().filter(|rounds| **rounds == "0").count()), ("2", of_cells.len() - 1));
    let Some(page) = opened(&json) else { return };
    let dom = page.at("");
    assert_eq!(column(&dom, "failed", "what"), ["boundary/compile".to_owned(), name]);
    assert_eq!(column(&dom, "failed", "why"), ["out of memory", "2 rounds failed, others did not"]);
    for note in ["1 figures beside the cells failed; below is why.", "1 cells failed in some rounds"] {
        assert!(without_data(&dom).contains(note), "the page does not say `{note}`");
        assert!(markdown.contains(note.split(';').next().unwrap_or_default()), "report.md does not say `{note}`");
    }
}

#[test]
fn sizes_are_those_of_the_other_formats() {
    let sizes = [519.4, 1024.0, 1500.0, 65_536.0, 1_048_576.0, 1_049_600.0, 1_049_601.0, 3_145_728.0];
    for size in sizes {
        let mut json = run();
        for cell in json["cells"].as_array_mut().expect("cells").iter_mut().filter(|cell| cell["message"] == "log@1") {
            cell["payload_bytes"] = json!(size);
        }
        let Some(page) = opened(&json) else { return };
        // A thin space separates thousands there.
        let shown = without_data(&page.at("")).replace('\u{202f}', "");
        let expected = format!(">log@1 ({})<", weft::report::units::bytes(size));
        assert!(shown.contains(&expected), "{expected} is not there");
    }
}

/// A run with names that are longer than anybody's.
fn with_long_names() -> Value {
    let text = serde_json::to_string(&run()).expect("JSON");
    let text = text.replace("\"flatbuffers\"", "\"flatbuffers-of-somebody-else-with-a-name-without-end\"");
    serde_json::from_str(&text.replace("\"direct\"", "\"direct-and-then-around-the-corner\"")).expect("JSON")
}

#[test]
fn names_of_rows_are_whole() {
    let Some(page) = opened(&with_long_names()) else { return };
    let dom = page.driven(
        "setTimeout(() => { const labels = [...document.querySelectorAll('svg text.label')];\
         document.body.dataset.labels = labels.length;\
         document.body.dataset.cut = labels.filter((label) => label.getBBox().x < 0).length; }, 3000);",
    );
    assert!(dom.contains("data-cut=\"0\"") && !dom.contains("data-labels=\"0\""), "{:.300}", dom);
}

/// In a page so narrow that the controls take several lines.
#[test]
fn controls_hide_no_heading_that_a_link_leads_to() {
    let Some(page) = opened(&complete()) else { return };
    let dom = page.driven(
        "document.body.style.width = '680px';\
         setTimeout(() => { location.hash = 'at=sizes';\
         setTimeout(() => { const box = (id) => document.getElementById(id).getBoundingClientRect();\
         document.body.dataset.lines = Math.floor(box('controls').height / 45);\
         document.body.dataset.hidden = box('title-sizes').top < box('controls').bottom; }, 2000); }, 3000);",
    );
    assert!(dom.contains("data-hidden=\"false\""), "{:.300}", dom);
    assert!(!dom.contains("data-lines=\"1\""), "the controls take one line: this tells nothing");
}

/// Its texts are measured where it is drawn: none is cut, and none runs into another.
#[test]
fn nothing_overlaps_in_the_picture() {
    for json in [run(), with_long_names()] {
        let picture = render(&json, "heatmap.svg");
        let measured = format!(
            "<!doctype html><html><body style=\"margin:0\">{picture}<script>\
             const box = (node) => node.getBoundingClientRect();\
             const picture = box(document.querySelector('svg'));\
             const texts = [...document.querySelectorAll('svg text')];\
             const slanted = (node) => node.hasAttribute('transform');\
             const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;\
             const cut = texts.filter((text) => box(text).right > picture.right || box(text).left < 0 || box(text).top < 0);\
             const over = texts.flatMap((one, place) => texts.slice(place + 1).filter((other) =>\
               !(slanted(one) && slanted(other)) && !apart(box(one), box(other))).map((other) => one.textContent + '+' + other.textContent));\
             const under = texts.filter((text) => text.matches('.codec')\
               && [...document.querySelectorAll('rect[rx=\"3\"]')].some((cell) => !apart(box(text), box(cell))));\
             document.documentElement.dataset.flaws = [...cut, ...under].map((text) => text.textContent).concat(over).join('; ');\
             document.documentElement.dataset.drawnMs = 1;</script></body></html>"
        );
        let Some(page) = Page::of(&measured) else { return };
        let dom = page.at("");
        assert!(root(&dom).contains("data-flaws=\"\""), "{}", root(&dom));
    }
}

/// 1 000 cells of generated codecs, with every figure.
#[test]
fn a_thousand_cells_fit() {
    let mut json = complete();
    let template = json["cells"].as_array().expect("cells").clone();
    let codecs = json["environment"]["codecs"].clone();
    for copy in 0.. {
        let cells = json["cells"].as_array_mut().expect("cells");
        if cells.len() >= 1000 {
            break;
        }
        let named = template.iter().take(1000 - cells.len()).cloned().map(|mut cell| {
            cell["codec"] = json!(format!("{}-{copy}", cell["codec"].as_str().expect("a codec")));
            cell
        });
        cells.extend(named);
        for (name, codec) in codecs.as_object().expect("codecs") {
            json["environment"]["codecs"][format!("{name}-{copy}")] = codec.clone();
        }
    }
    assert_eq!(json["cells"].as_array().map(Vec::len), Some(1000));
    let size = render(&json, "report.html").len();
    assert!(size < 1_500_000, "the page has {size} bytes");
    let Some(page) = opened(&json) else { return };
    let dom = page.at("all=cells");
    assert_eq!(rows(&dom, "cells").len(), 1000);
    // Printed, not judged: what a machine takes depends on who else uses it.
    println!("1 000 cells: {size} bytes, {}", root(&dom));
}

/// The reference run's page, once it is there, is that of its record.
#[test]
fn the_reference_page_is_current_and_small() {
    let reference_files = Path::new(env!("CARGO_MANIFEST_DIR")).join("../results/reference");
    let record = load(&reference_files.join("run.json")).unwrap_or_else(|error| panic!("{error}"));
    for (file, largest) in [("report.html", 1_500_000), ("heatmap.svg", 100_000)] {
        let format = FORMATS.iter().find(|format| format.file == Some(file)).expect("a format");
        let made = (format.render)(&record, "reference").unwrap_or_else(|error| panic!("{error}"));
        assert!(made.len() < largest, "{file} has {} bytes", made.len());
        let elsewhere = made.replace("http://www.w3.org/2000/svg", "");
        assert!(!elsewhere.contains("http:") && !elsewhere.contains("https:"), "{file} may load something");
        match fs::read_to_string(reference_files.join(file)) {
            Ok(committed) => assert!(committed == made, "{file} is not current; run: cargo weft report reference"),
            Err(_) => println!("skipped: the reference run has no {file} yet"),
        }
    }
}
