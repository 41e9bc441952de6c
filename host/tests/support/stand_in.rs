//! A host that measures nothing: a line of shell that answers every item at once, so that a run takes no time.

use std::fs;
use std::path::Path;

use anyhow::Result;
use serde_json::json;
use weft::cell::OWN_HOST;
use weft::hosts::KnownHost;
use weft::protocol::PROTOCOL;

/// Every round takes each item for what it is asked for; a reading is 100 ns and the item's place.
const SCRIPT: &str = r#"#!/bin/sh
echo '<greeting>'
while read -r line; do
    items=$(printf '%s' "$line" | grep -o '"figure":' | wc -l)
    item=0
    while [ "$item" -lt "$items" ]; do
        echo "{\"begin\":{\"item\":$item}}"
        case $line in
            *'"purpose":"verify"'*) echo "{\"verified\":{\"item\":$item,\"wire_bytes\":64.0,\"copies\":0,\"crossings\":{\"host_to_wasm\":1,\"wasm_to_host\":0,\"wasm_to_wasm\":1}}}" ;;
            *'"purpose":"measure"'*) echo "{\"reading\":{\"item\":$item,\"ns\":$((100 + item)).5,\"calm\":true,\"first_ns\":900.0}}" ;;
            *) echo "{\"unsupported\":{\"item\":$item,\"reason\":\"nothing is counted here\"}}" ;;
        esac
        item=$((item + 1))
    done
    echo '{"end":{"best_ns":100.0,"discarded_s":0.25}}'
done
"#;

/// The host in place of weft's own, as a script in a directory.
pub fn stand_in(directory: &Path) -> Result<KnownHost> {
    let known = |name: &str| json!({ "name": name });
    let transport = |name: &str| json!({ "name": name, "isolation": "none" });
    let (transports, tasks) = (["linked", "adapter"].map(transport), ["peek", "scan", "own"].map(known));
    let greeting = json!({ "greeting": {
        "protocol": PROTOCOL,
        "name": OWN_HOST,
        "engine": { "name": "none", "version": "1", "settings": "none" },
        "guests": "wasm",
        "transports": transports,
        "tasks": tasks,
        "purposes": ["verify", "measure"],
        "figures": ["cell", "boundary", "calibration"],
        "clock": { "cost_ns": 20.0, "resolution_ns": 1.0 },
    } });
    let path = directory.join("host.sh");
    fs::write(&path, SCRIPT.replace("<greeting>", &greeting.to_string()))?;
    let mut host = KnownHost::own()?;
    host.launch.start = vec!["sh".to_owned(), path.display().to_string()];
    Ok(host)
}
