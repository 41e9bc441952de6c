//! The page of `weft compare --format html` as readers meet it: opened in Chromium, driven through its fragment.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::support::fixture;
use crate::support::opened::{Page, column, columns, is_sound, root, rows, set, without_data};
use crate::support::other_hosts;
use crate::support::runs::{Runs, cell_name, cells, drawn, drawn_from};

/// How much slower some cells of the new run are. Most are not: what most cells do is what all share.
fn change(cell: &str) -> f64 {
    let changes = [("/own/capnp/", 1.1), ("/own/bytes/", 1.5), ("/own/flatbuffers/", 0.8), ("/own/bincode/", 1.03)];
    changes.iter().find(|(codec, _)| cell.contains(codec)).map_or(1.0, |(_, factor)| *factor)
}

/// A run `new` in which some cells are faster, slower, unsure, the same, failed, gone and heavier than in the run `old`.
fn two() -> Result<Runs> {
    let runs = Runs::new()?;
    runs.write("old", &drawn("old", |_| 1.0)?)?;
    let mut new = drawn("new", change)?;
    let all = new["cells"].as_array_mut().context("cells")?;
    all.pop();
    // One codec's readings scatter so far that nothing is to be said of it.
    for cell in all.iter_mut().filter(|cell| cell["codec"] == "inplace") {
        for (place, reading) in cell["readings"].as_array_mut().context("readings")?.iter_mut().enumerate() {
            let factor = if place % 2 == 0 { 0.8 } else { 1.2 };
            reading["ns"] = json!(reading["ns"].as_f64().context("a time")? * factor);
        }
    }
    let mut some = all.iter_mut().filter(|cell| cell["codec"] == "capnp");
    let failed = some.next().context("a cell")?;
    failed["status"] = json!("failed");
    failed["reason"] = json!("trapped: unreachable");
    let heavier = some.next().context("a cell")?;
    heavier["wire_bytes"] = json!(heavier["wire_bytes"].as_f64().context("wire bytes")? + 1.5);
    runs.write("new", &new)?;
    Ok(runs)
}

fn html(runs: &Runs) -> Result<String> {
    let outcome = runs.weft(&["compare", "old", "new", "--format", "html"])?;
    ensure!(outcome.stdout.ends_with("</html>\n"), "{}", outcome.stderr);
    Ok(outcome.stdout)
}

fn comparison(runs: &Runs) -> Result<Value> {
    let outcome = runs.weft(&["compare", "old", "new", "--format", "json"])?;
    serde_json::from_str(&outcome.stdout).context(outcome.stderr)
}

/// The values of a page's table by the name of their cell.
fn by_cell(dom: &str, table: &str, keys: &[&str]) -> BTreeMap<String, Vec<String>> {
    let at = columns(dom, table);
    let named = |row: &Vec<String>| ["message", "task", "codec", "transport"].map(|key| row[at[key]].clone()).join("/");
    rows(dom, table).iter().map(|row| (named(row), keys.iter().map(|key| row[at[*key]].clone()).collect())).collect()
}

/// Whether values of the page are the figures of a row, but for the last digit: reading JSON rounds it.
fn same(values: &[String], row: &Value, keys: &[&str]) -> bool {
    let close = |(value, key): (&String, &&str)| {
        let pair = value.parse::<f64>().ok().zip(row[*key].as_f64());
        pair.is_some_and(|(value, figure)| (value - figure).abs() <= 1e-14 * figure.abs())
    };
    values.len() == keys.len() && values.iter().zip(keys).all(close)
}

/// Whether the page has the means and the calibrations of a comparison.
fn means_and_calibrations_are(dom: &str, json: &Value) -> Result<()> {
    let means: Vec<&Value> = ["codecs", "transports", "messages"]
        .iter()
        .flat_map(|of| json["means"][of].as_array().into_iter().flatten())
        .collect();
    let at = columns(dom, "means");
    let shown: Vec<Vec<String>> = rows(dom, "means").into_iter().skip(1).collect();
    ensure!(shown.len() == means.len());
    for (row, mean) in shown.iter().zip(means) {
        let keys = ["ratio", "low", "high"];
        let figures = keys.map(|key| row[at[key]].clone());
        ensure!(mean["name"] == row[at["name"]].as_str() && same(&figures, mean, &keys), "{mean}");
    }
    let calibrations = json["calibrations"]["each"].as_array().context("calibrations")?;
    let (at, shown) = (columns(dom, "calibrations"), rows(dom, "calibrations"));
    ensure!(calibrations.len() == shown.len() && !shown.is_empty());
    for (row, calibration) in shown.iter().zip(calibrations) {
        let keys = ["ratio", "low", "high", "old_rounds", "new_rounds"];
        ensure!(same(&keys.map(|key| row[at[key]].clone()), calibration, &keys), "{calibration}: {row:?}");
    }
    Ok(())
}

#[test]
fn numbers_are_those_of_the_comparison() -> Result<()> {
    let runs = two()?;
    let json = comparison(&runs)?;
    let Some(page) = Page::of(&html(&runs)?) else { return Ok(()) };
    let dom = page.at("all=cells,ratios,exact&open=means,ratio-cells,map-cells");
    for (verdict, count) in column(&dom, "verdicts", "verdict").iter().zip(column(&dom, "verdicts", "cells")) {
        ensure!(json["counts"][verdict].as_u64() == count.parse().ok() && count != "0", "{verdict}: {count}");
    }
    ensure!(column(&dom, "verdicts", "cells").len() == 4, "not every verdict is there: the test tells too little");
    let expected = json["cells"].as_array().context("cells")?;
    for table in ["cells", "ratio-cells", "map-cells"] {
        let keys = ["old", "new", "ratio", "low", "high", "verdict", "old_rounds", "new_rounds"];
        let shown = by_cell(&dom, table, &keys);
        ensure!(shown.len() == expected.len(), "{table}: {} of {} cells", shown.len(), expected.len());
        for row in expected {
            let values = &shown[row["cell"].as_str().context("a cell")?];
            let figures = ["old_ns", "new_ns", "ratio", "low", "high"];
            ensure!(same(&values[..5], row, &figures), "{row}: {values:?}");
            ensure!(row["verdict"] == values[5].as_str(), "{row}: {values:?}");
            ensure!(same(&values[6..], row, &["old_rounds", "new_rounds"]), "{row}: {values:?}");
        }
    }
    means_and_calibrations_are(&dom, &json)?;
    ensure!(column(&dom, "exact", "figure") == ["wire_bytes"] && column(&dom, "exact", "way") == ["grew"]);
    let missing = rows(&dom, "missing").concat().join(" ");
    ensure!(missing.contains("failed: trapped: unreachable") && missing.contains("not in the other run"), "{missing}");
    is_sound(&page);
    Ok(())
}

#[test]
fn filters_and_sorting_do_what_they_say() -> Result<()> {
    let runs = two()?;
    let json = comparison(&runs)?;
    let Some(page) = Page::of(&html(&runs)?) else { return Ok(()) };
    for (fragment, key, value) in [
        ("verdict=slower", "verdict", "slower"),
        ("verdict=unsure", "verdict", "unsure"),
        ("message=log@100", "message", "log@100"),
        ("task=peek", "task", "peek"),
        ("codec=bytes", "codec", "bytes"),
        ("isolation=window", "isolation", "window"),
    ] {
        let expected: Vec<&Value> =
            json["cells"].as_array().context("cells")?.iter().filter(|row| row[key] == value).collect();
        let dom = page.at(&format!("{fragment}&all=cells,ratios&open=map-cells"));
        for table in ["cells", "map-cells"] {
            ensure!(column(&dom, table, key).len() == expected.len() && set(&column(&dom, table, key)).len() == 1);
            ensure!(column(&dom, table, key).first().is_some_and(|shown| shown == value), "{fragment}");
        }
        let title = format!(">{} of {} cells<", expected.len(), json["cells"].as_array().map_or(0, Vec::len));
        ensure!(dom.contains(&title), "{fragment}: {title} is not there");
    }
    let sorted = |order: &str| -> Result<Vec<f64>> {
        let dom = page.at(&format!("all=cells&sort.cells={order}"));
        column(&dom, "cells", "ratio").iter().map(|ratio| ratio.parse().context("a ratio")).collect()
    };
    ensure!(sorted("ratio")?.is_sorted() && sorted("-ratio")?.iter().rev().is_sorted());
    let nothing = page.at("verdict=slower&codec=flatbuffers");
    ensure!(nothing.contains("No cell passes the filter") && nothing.contains("Clear the filter"));
    Ok(())
}

#[test]
fn a_view_can_be_linked() -> Result<()> {
    let runs = two()?;
    let Some(page) = Page::of(&html(&runs)?) else { return Ok(()) };
    let made = page.driven(
        "setTimeout(() => { const choose = (id, value) => { const list = document.getElementById(id); list.value = value;\
         list.dispatchEvent(new Event('change')); };\
         choose('choose-message', 'log@1'); choose('choose-task', 'own'); choose('choose-value', 'both');\
         document.getElementById('tick-verdict-same').click();\
         document.querySelector('#rows-cells th[data-key=ratio] button').click();\
         setTimeout(() => { document.body.dataset.fragment = location.hash; }, 1000); }, 2000);",
    );
    let fragment =
        made.split("data-fragment=\"#").nth(1).and_then(|rest| rest.split('"').next()).context("a fragment")?;
    let again = page.at(&fragment.replace("&amp;", "&"));
    ensure!(fragment.contains("message=log@1") && fragment.contains("verdict=slower,faster,unsure"), "{fragment}");
    for table in ["cells", "map-log@1-own"] {
        ensure!(rows(&again, table) == rows(&made, table) && !rows(&again, table).is_empty(), "{table} is another");
    }
    ensure!(again.matches("<table id=\"rows-map-log").count() == 1 && without_data(&again).contains(" → "));
    Ok(())
}

#[test]
fn every_set_up_is_drawn_and_printed() -> Result<()> {
    let runs = two()?;
    let mut other: Value = serde_json::from_str(&std::fs::read_to_string(runs.json("new"))?)?;
    other["environment"]["kernel"] = json!("Another kernel");
    runs.write("new", &other)?;
    let Some(page) = Page::of(&html(&runs)?) else { return Ok(()) };
    let dom = page.at("");
    ensure!(column(&dom, "differences", "new") == ["Another kernel"]);
    ensure!(set(&column(&dom, "verdicts", "verdict")) == set(&["not_judged".to_owned()]));
    ensure!(without_data(&dom).contains("TWO MACHINES: times are not judged"));
    // Their ratios are shown where somebody asks for them.
    ensure!(!dom.contains("id=\"ratios\"") && set(&column(&dom, "cells", "ratio")) == set(&[String::new()]));
    is_sound(&page);
    let across = runs.weft(&["compare", "old", "new", "--across-machines", "--format", "html"])?.stdout;
    let Some(page) = Page::of(&across) else { return Ok(()) };
    is_sound(&page);
    ensure!(!column(&page.at(""), "cells", "ratio").contains(&String::new()));
    let printed = page.driven(
        "dispatchEvent(new Event('beforeprint'));\
         document.body.dataset.pending = document.querySelectorAll('.pending').length;\
         document.body.dataset.narrow = [...document.querySelectorAll('figure > svg')]\
             .filter((chart) => chart.getAttribute('width') !== '960').length;",
    );
    ensure!(printed.contains("data-pending=\"0\""), "sections were not drawn when the page was printed");
    ensure!(printed.contains("data-narrow=\"0\""), "charts are not as wide as a sheet");
    // Runs that have nothing in common, and a run with itself.
    let mut none = other.clone();
    none["cells"].as_array_mut().context("cells")?.clear();
    for (old, new, text) in
        [(&other, &none, "no measured cell in common"), (&other, &other, "both runs measured the same")]
    {
        runs.write("old", old)?;
        runs.write("new", new)?;
        let Some(page) = Page::of(&html(&runs)?) else { return Ok(()) };
        let dom = page.at("verdict=nonsense&message=nonsense&value=nonsense&sort.cells=nonsense");
        ensure!(without_data(&dom).to_lowercase().contains(text), "{text}");
    }
    Ok(())
}

/// Of two machines, whose ratios somebody asks for, and of cells that there are none of.
#[test]
fn a_comparison_of_nothing_is_a_page() -> Result<()> {
    let runs = two()?;
    let mut other: Value = serde_json::from_str(&std::fs::read_to_string(runs.json("new"))?)?;
    other["environment"]["kernel"] = json!("Another kernel");
    runs.write("new", &other)?;
    let arguments = ["compare", "old", "new", "--across-machines", "--filter", "nosuch", "--format", "html"];
    let Some(page) = Page::of(&runs.weft(&arguments)?.stdout) else { return Ok(()) };
    let dom = page.at("");
    let shown = without_data(&dom);
    ensure!(shown.contains("The runs have no measured cell in common.") && dom.contains("id=\"machine\""), "{shown}");
    Ok(())
}

#[test]
fn hostile_names_are_text() -> Result<()> {
    let attack =
        "</title></script><script>weft.errors.push(1)</script>{{data}}<img src=x onerror=document.body.remove()>";
    let runs = two()?;
    let mut new: Value = serde_json::from_str(&std::fs::read_to_string(runs.json("new"))?)?;
    new["run_id"] = json!(attack);
    new["environment"]["engine"] = json!(attack);
    // Names of codecs, transports and hosts cannot be so: such a run is damaged (host/src/record/check.rs).
    for cell in cells(&mut new).skip(60).take(5) {
        (cell["status"], cell["reason"]) = (json!("failed"), json!(attack));
    }
    runs.write("new", &new)?;
    let Some(page) = Page::of(&html(&runs)?) else { return Ok(()) };
    let dom = page.at("all=cells,ratios&open=means,map-cells,ratio-cells");
    let shown = without_data(&dom);
    // Browsers before 2025 leave < as it is in attributes.
    let elements = regex::Regex::new("=\"[^\"]*\"")?.replace_all(&shown, "").into_owned();
    ensure!(!elements.contains("<img") && !elements.contains("<script"), "markup of a name became an element");
    ensure!(elements.contains("&lt;img src=x onerror"));
    Ok(())
}

/// Gives a run the exact figures of the fixture, each of the guests' greater by `more`.
fn count(run: &mut Value, more: f64) -> Result<()> {
    let counted = fixture::run();
    let exact: BTreeMap<String, Value> = counted["cells"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|cell| (cell_name(cell), cell["exact"].clone()))
        .collect();
    for cell in cells(run) {
        cell["exact"] = exact[&cell_name(cell)].clone();
        for guest in ["producer", "consumer"] {
            let figures = cell["exact"][guest].as_object_mut().context("exact figures")?;
            for figure in figures.values_mut().filter(|figure| figure.is_number()) {
                *figure = json!(figure.as_f64().unwrap_or_default() + more);
            }
        }
    }
    Ok(())
}

/// 1 000 cells, in each of which the exact figures changed.
#[test]
fn a_thousand_cells_fit() -> Result<()> {
    let runs = Runs::new()?;
    for (name, more) in [("old", 0.0), ("new", 1.25)] {
        let mut run = drawn(name, change)?;
        count(&mut run, more)?;
        let all = run["cells"].as_array_mut().context("cells")?;
        let template = all.clone();
        for copy in 0.. {
            if all.len() >= 1000 {
                break;
            }
            let codec = |cell: &Value| format!("{}-{copy}", cell["codec"].as_str().unwrap_or_default());
            all.extend(template.iter().take(1000 - all.len()).cloned().map(|mut cell| {
                cell["codec"] = json!(codec(&cell));
                cell
            }));
        }
        runs.write(name, &run)?;
    }
    let html = html(&runs)?;
    ensure!(html.len() < 1_500_000, "the page has {} bytes", html.len());
    let Some(page) = Page::of(&html) else { return Ok(()) };
    let dom = page.at("all=cells");
    ensure!(rows(&dom, "cells").len() == 1000);
    // Printed, not judged: what a machine takes depends on who else uses it.
    println!("1 000 cells: {} bytes, {}", html.len(), root(&dom));
    Ok(())
}

#[test]
fn other_hosts_are_named_and_filtered_by() -> Result<()> {
    let runs = Runs::new()?;
    let mut old = drawn_from(other_hosts::run(), "old", |_| 1.0)?;
    old["cells"].as_array_mut().context("cells")?.retain(|cell| cell["host"] != "native");
    runs.write("old", &old)?;
    let slower = |cell: &str| if cell.ends_with("@node") { 1.5 } else { 1.0 };
    runs.write("new", &drawn_from(other_hosts::run(), "new", slower)?)?;
    let json = comparison(&runs)?;
    let Some(page) = Page::of(&html(&runs)?) else { return Ok(()) };
    let dom = page.at("all=cells,ratios&open=means,map-cells");
    let shown = by_cell(&dom, "cells", &["verdict"]);
    let expected = json["cells"].as_array().context("cells")?;
    ensure!(shown.len() == expected.len(), "{} of {}", shown.len(), expected.len());
    for row in expected {
        ensure!(row["verdict"] == shown[row["cell"].as_str().context("a cell")?][0].as_str(), "{row}");
    }
    ensure!(column(&dom, "means", "name").contains(&"node".to_owned()));
    ensure!(dom.contains("id=\"rows-map-log@1-own\"") && dom.contains("id=\"rows-map-log@1-own-node\""));
    ensure!(rows(&dom, "missing").concat().join(" ").contains("15 on the host native"));
    is_sound(&page);
    let filtered = page.at("host=node&all=cells&open=map-cells");
    ensure!(set(&column(&filtered, "cells", "verdict")) == set(&["slower".to_owned()]));
    ensure!(column(&filtered, "cells", "transport").iter().all(|transport| transport.ends_with("@node")));
    // Where there are none, nobody is asked for one.
    ensure!(dom.contains("id=\"choose-host\""));
    let alone = two()?;
    let Some(page) = Page::of(&html(&alone)?) else { return Ok(()) };
    let dom = page.at("");
    let shown = without_data(&dom);
    for text in ["choose-host", "on the host", ">host<", "@wasmtime"] {
        ensure!(!shown.contains(text), "{text}");
    }
    Ok(())
}
