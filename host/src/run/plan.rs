//! What a run is asked for: which matrix, which filter, which hosts; and the figures that this comes to.

use weft_link::transport::TRANSPORTS;
use weft_schemas::Task;

use super::elsewhere::{Elsewhere, transports_of};
use crate::cell::{
    Cell, CodecId, Figure, Filter, Matrix, MessageId, OWN_HOST, Workload, messages_from_environment, small_cells,
    task_floors, workloads,
};
use crate::hosts::KnownHost;
use crate::protocol::Greeting;
use crate::record::{Attacks, name_from_environment, results_directory};
use crate::variables::{self, Misset};

/// More would lie in a process' memory all at once than anybody needs.
const MOST_PLACEMENTS: u32 = 16;

/// What a run is asked for.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How much to measure.
    pub matrix: Matrix,
    /// Which messages in place of the matrix' own, where there are any.
    pub messages: Option<Vec<MessageId>>,
    /// What of it.
    pub filter: Filter,
    /// In which hosts: weft's own first.
    pub hosts: Vec<KnownHost>,
    /// How many placements a reading of a cell is the mean of.
    pub placements: u32,
    /// What the run is called, where it is kept and has a name.
    pub name: Option<String>,
    /// The interrupted run that is gone on with, where one is.
    pub resume: Option<String>,
    /// What hostile guests do over each transport, where the run is to have it.
    pub attacks: Option<Attacks>,
}

impl Plan {
    /// What the environment asks for: `WEFT_MATRIX`, `WEFT_MESSAGES`, `WEFT_PLACEMENTS`, and `WEFT_HOSTS` beside weft's own
    /// host.
    ///
    /// # Errors
    /// Where there is no such matrix, message, number of placements or host, or a host is not ready.
    pub fn from_environment(filter: Filter) -> anyhow::Result<Self> {
        let matrix = Matrix::from_environment()?.unwrap_or(Matrix::Quick);
        let messages = messages_from_environment()?;
        let asked = variables::PLACEMENTS.text()?;
        let placements = asked.map_or(Ok(matrix.placements()), |text| placements(&text)).map_err(Misset)?;
        let mut hosts = vec![KnownHost::own()?];
        let named = variables::HOSTS.text()?.unwrap_or_default();
        for name in named.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            if hosts.iter().all(|host| host.name != name) {
                hosts.push(KnownHost::named(name)?.ready()?);
            }
        }
        Ok(Self { matrix, messages, filter, hosts, placements, name: None, resume: None, attacks: None })
    }

    /// The same for a run that is kept: with the name that `WEFT_RUN_NAME` gives to it, or of the run that `WEFT_RESUME` goes on
    /// with.
    ///
    /// # Errors
    /// Where that is no name, or there is such a run.
    pub fn named(self) -> anyhow::Result<Self> {
        let name = name_from_environment(&results_directory())?;
        Ok(Self { name, resume: variables::RESUME.text()?, ..self })
    }

    /// The codecs' messages with their tasks.
    fn workloads(&self) -> Vec<Workload> {
        workloads(self.matrix, self.messages.as_deref())
    }

    /// The cells of these codecs on a host that is measured with the small matrix.
    fn small(&self, codecs: &[CodecId], transports: &[&str], host: &str) -> Vec<Cell> {
        small_cells(self.messages.as_deref(), codecs, transports, host)
    }

    /// Whether a codec of this name is needed.
    pub fn wants(&self, codec: &str) -> bool {
        self.may_have(codec, &|cell| self.filter.selects_cell(cell)) || self.selects_setup()
    }

    /// Whether a codec of this name is needed for replies.
    pub fn wants_replies(&self, codec: &str) -> bool {
        self.may_have(codec, &|cell| cell.task == Task::Reply && self.filter.selects_cell(cell))
    }

    /// Whether a codec of this name can have a cell on one of the hosts that is selected.
    fn may_have(&self, codec: &str, selected: &dyn Fn(&Cell) -> bool) -> bool {
        let id = CodecId { name: codec.to_owned(), floor: false };
        let small =
            self.hosts.iter().skip(1).any(|host| {
                self.small(std::slice::from_ref(&id), &transports_of(host), &host.name).iter().any(selected)
            });
        small || self.matrix.may_have(&self.workloads(), codec, selected)
    }

    /// Setting up is measured with the middle one of all codecs.
    fn selects_setup(&self) -> bool {
        let setup = ["compile", "setup_cold", "setup_precompiled", "fresh_instance"];
        setup.iter().any(|name| self.filter.selects(&Figure::Boundary((*name).to_owned()).to_string()))
    }

    /// The boundary figures and task floors.
    pub fn references(&self) -> Vec<Figure> {
        let figures = self.matrix.boundary().into_iter().chain(task_floors(&self.workloads()));
        figures.filter(|figure| self.filter.selects(&figure.to_string())).collect()
    }

    /// The cells of weft's own host.
    pub fn own_cells(&self, codecs: &[CodecId]) -> Vec<Cell> {
        let mut cells = self.matrix.cells_of(&self.workloads(), codecs);
        if self.hosts.len() > 1 {
            let small = self.small(codecs, &transports(), OWN_HOST);
            cells.extend(small.into_iter().filter(|cell| !cells.contains(cell)).collect::<Vec<_>>());
        }
        cells.retain(|cell| self.filter.selects_cell(cell));
        cells
    }

    /// The cells of another host.
    pub fn cells_on(&self, greeting: &Greeting, host: &str, codecs: &[CodecId]) -> Vec<Cell> {
        let mut cells = self.small(codecs, &greeting.transports(), host);
        cells.retain(|cell| self.filter.selects_cell(cell));
        cells
    }

    /// The error where nothing is selected.
    pub fn nothing(&self) -> anyhow::Error {
        let elsewhere = Elsewhere::find(&self.hosts, self.messages.as_deref(), &self.filter);
        let next = elsewhere.map_or_else(
            || "`cargo bench -- --list` prints the names, and WEFT_MATRIX=core or full has more of them".to_owned(),
            |elsewhere| elsewhere.with_a_run(&self.hosts),
        );
        anyhow::anyhow!("nothing in the {} matrix matches; {next}", self.matrix)
    }
}

/// How many placements a text asks for.
fn placements(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| (1..=MOST_PLACEMENTS).contains(number));
    number.ok_or_else(|| {
        format!("{}={text} is no number of placements; use 1 to {MOST_PLACEMENTS}", variables::PLACEMENTS.name)
    })
}

fn transports() -> Vec<&'static str> {
    TRANSPORTS.iter().map(|transport| transport.name()).collect()
}

#[cfg(test)]
mod tests {
    use super::placements;

    #[test]
    fn a_number_of_placements_is_within_bounds() {
        assert_eq!(["1", "8", "16"].map(placements), [Ok(1), Ok(8), Ok(16)]);
        for text in ["0", "17", "-4", "four", "4.0"] {
            let said = placements(text).expect_err(text);
            assert!(said.starts_with(&format!("WEFT_PLACEMENTS={text} ")) && said.contains("use 1 to 16"), "{said}");
        }
    }
}
