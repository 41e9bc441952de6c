//! Matrices and hosts that have what a filter selects, where those that were asked have not: what to say in place of "nothing matches".

use std::iter;

use weft_link::transport::TRANSPORTS;

use crate::cell::{Cell, CodecId, Filter, Matrix, MessageId, OWN_HOST, small_cells};
use crate::guests::names;
use crate::hosts::{KnownHost, State, known_hosts};
use crate::variables::{self, quoted};

/// What to say where nothing has what is selected.
pub const NAMES: &str = "names look like log@1/own/bincode/linked (cargo weft list)";

/// That a matrix larger than this one has what is selected, and how to ask for it. `has` says whether a matrix can have a cell of a codec.
pub fn in_a_larger(matrix: Option<Matrix>, has: impl Fn(Matrix, &str) -> bool) -> Option<String> {
    let names = names().unwrap_or_default();
    let mut larger = iter::successors(matrix?.larger(), |matrix| matrix.larger());
    let matrix = larger.find(|matrix| names.iter().any(|codec| has(*matrix, codec)))?;
    Some(format!("the {matrix} matrix has some: --matrix {matrix}"))
}

/// A host that has what is selected.
pub struct Elsewhere {
    host: KnownHost,
    /// What a shell takes for the filter.
    filter: String,
}

impl Elsewhere {
    /// The first host beside these of which a filter selects a cell that weft's own host cannot have: because of its transport, or because
    /// the filter names the host. Of these messages, where there are any, and of the small matrix otherwise.
    pub fn find(but: &[KnownHost], messages: Option<&[MessageId]>, filter: &Filter) -> Option<Self> {
        let names = names().unwrap_or_default();
        let codecs: Vec<CodecId> = names.into_iter().map(|name| CodecId { name, floor: false }).collect();
        Self::among(known_hosts().ok()?, but, |host| selects(filter, host, messages, &codecs), filter)
    }

    fn among(
        hosts: Vec<KnownHost>,
        but: &[KnownHost],
        has: impl Fn(&KnownHost) -> bool,
        filter: &Filter,
    ) -> Option<Self> {
        let others = hosts.into_iter().filter(|host| but.iter().all(|known| known.name != host.name));
        let host = others.into_iter().find(has)?;
        Some(Self { host, filter: quoted(&filter.text()?) })
    }

    /// That a run has it with this host beside these, and the command.
    pub fn with_a_run(&self, but: &[KnownHost]) -> String {
        let beside = but.iter().map(|host| host.name.as_str()).filter(|name| *name != OWN_HOST);
        let hosts: Vec<&str> = beside.chain([self.host.name.as_str()]).collect();
        let run = format!("{}={} cargo bench -- {}", variables::HOSTS.name, hosts.join(","), self.filter);
        format!("{}: {}", self.has_some(), self.built_before(&run))
    }

    /// That it can be verified in this host, and the command.
    pub fn verified(&self) -> String {
        let verify = format!("cargo weft verify --host {} {}", self.host.name, self.filter);
        format!("{}: {}", self.has_some(), self.built_before(&verify))
    }

    /// That the host has some.
    pub fn has_some(&self) -> String {
        format!("the host {} has some", self.host.name)
    }

    /// A command behind that which makes the host ready.
    fn built_before(&self, command: &str) -> String {
        let name = &self.host.name;
        match self.host.state() {
            State::Ready => command.to_owned(),
            State::NotBuilt(_) => format!("cargo weft hosts --build {name} && {command}"),
            State::Missing(what) => format!("{command} (first: {what})"),
        }
    }
}

/// The transports by which a host may have cells, as far as it can be known before it is started.
pub fn transports_of(host: &KnownHost) -> Vec<&str> {
    TRANSPORTS.iter().map(|transport| transport.name()).chain(host.transports.iter().map(String::as_str)).collect()
}

/// Whether a filter selects a cell that only this host has.
fn selects(filter: &Filter, host: &KnownHost, messages: Option<&[MessageId]>, codecs: &[CodecId]) -> bool {
    let names_it = |cell: &Cell| filter.selects_cell(cell) && !filter.selects_cell(&cell.on(OWN_HOST));
    let is_its_own = |cell: &Cell| host.transports.contains(&cell.transport) && filter.selects_cell(cell);
    let cells = small_cells(messages, codecs, &transports_of(host), &host.name);
    cells.iter().any(|cell| is_its_own(cell) || names_it(cell))
}

#[cfg(test)]
mod tests {
    use super::{CodecId, Elsewhere, Filter, KnownHost, selects};

    fn host(name: &str, transports: &[&str]) -> KnownHost {
        let own = KnownHost::own().expect("this program");
        let transports = transports.iter().map(|&name| name.to_owned()).collect();
        KnownHost { name: name.to_owned(), transports, ..own }
    }

    fn found(text: &str, but: &[KnownHost]) -> Option<Elsewhere> {
        let filter = Filter::pattern(text).expect("a pattern");
        let codecs = [CodecId { name: "bytes".to_owned(), floor: false }];
        let hosts = vec![host("wasmtime", &[]), host("node", &[]), host("extism", &["kernel"])];
        Elsewhere::among(hosts, but, |host| selects(&filter, host, None, &codecs), &filter)
    }

    #[test]
    fn a_transport_of_another_host_leads_to_it() {
        let own = [host("wasmtime", &[])];
        let said = |text| found(text, &own).map(|elsewhere| elsewhere.with_a_run(&own));
        let run = "the host extism has some: WEFT_HOSTS=extism cargo bench -- kernel";
        assert_eq!(said("kernel").as_deref(), Some(run));
        assert_eq!(
            said("own/bytes/(kernel|call)").as_deref(),
            Some("the host extism has some: WEFT_HOSTS=extism cargo bench -- 'own/bytes/(kernel|call)'")
        );
        let verified = found("kernel", &own).map(|elsewhere| elsewhere.verified());
        assert_eq!(verified.as_deref(), Some("the host extism has some: cargo weft verify --host extism kernel"));
        // What weft's own host can have is no reason for another host; nor is what nobody has.
        for text in ["log@1/own/.*/linked", "linked", "capnp/kernel", "nothing"] {
            assert_eq!(said(text), None, "{text}");
        }
    }

    #[test]
    fn a_host_that_is_named_is_meant() {
        let own = [host("wasmtime", &[])];
        let said = found("linked@node", &own).map(|elsewhere| elsewhere.with_a_run(&own));
        assert_eq!(said.as_deref(), Some("the host node has some: WEFT_HOSTS=node cargo bench -- linked@node"));
    }

    #[test]
    fn hosts_that_were_asked_stay_and_are_not_named_again() {
        let asked = [host("wasmtime", &[]), host("node", &[])];
        let said = found("kernel", &asked).map(|elsewhere| elsewhere.with_a_run(&asked));
        assert_eq!(said.as_deref(), Some("the host extism has some: WEFT_HOSTS=node,extism cargo bench -- kernel"));
        assert!(found("linked@node", &asked).is_none());
    }
}
