//! The library's own call where nothing is to be allocated: a builder for each message, in one segment that is kept.

use capnp::message::{Builder, SingleSegmentAllocator};
use weft_guest::schemas::{Log, LogRecord, Mesh};
use weft_schemas_capnp::generated::weft_capnp as schema;
use weft_testing::{LibraryCall, memory};

use crate::{LogWire, MeshWire};

weft_testing::overhead! { log@100: LogWire = Segment::new, mesh@1000: MeshWire = Segment::new }

/// The segment, and the message in it.
struct Segment(Option<Builder<SingleSegmentAllocator<'static>>>);

impl Segment {
    fn new<M>(_: &[M], room: usize) -> Self {
        Self(Some(Builder::new(SingleSegmentAllocator::new(memory(room)))))
    }

    fn message(&mut self, build: impl FnOnce(&mut Builder<SingleSegmentAllocator<'static>>)) -> &[u8] {
        let allocator = self.0.take().expect("a message").into_allocator();
        let message = self.0.insert(Builder::new(allocator));
        build(message);
        message.get_segments_for_output()[0]
    }
}

/// The schema's value of an enumeration.
fn value<E: TryFrom<u16>>(byte: u8) -> E {
    E::try_from(byte.into()).ok().expect("a value of the schema")
}

fn write(mut to: schema::log_record::Builder<'_>, record: &LogRecord) {
    to.set_timestamp(record.timestamp);
    to.set_zone_id(record.zone_id);
    to.set_zone_plan(value(record.zone_plan.byte()));
    let mut http = to.reborrow().init_http();
    http.set_protocol(value(record.http.protocol.byte()));
    http.set_status(record.http.status);
    http.set_host_status(record.http.host_status);
    http.set_up_status(record.http.up_status);
    http.set_method(value(record.http.method.byte()));
    http.set_content_type(&record.http.content_type);
    http.set_user_agent(&record.http.user_agent);
    http.set_referer(&record.http.referer);
    http.set_request_uri(&record.http.request_uri);
    let mut origin = to.reborrow().init_origin();
    origin.set_ip(&record.origin.ip);
    origin.set_port(record.origin.port);
    origin.set_hostname(&record.origin.hostname);
    origin.set_protocol(value(record.origin.protocol.byte()));
    to.set_country(value(record.country.byte()));
    to.set_cache_status(value(record.cache_status.byte()));
    to.set_server_ip(&record.server_ip);
    to.set_server_name(&record.server_name);
    to.set_remote_ip(&record.remote_ip);
    to.set_bytes_dlv(record.bytes_dlv);
    to.set_ray_id(&record.ray_id);
}

impl LibraryCall<Log> for Segment {
    fn encode(&mut self, _: usize, log: &Log) -> &[u8] {
        self.message(|message| {
            let count = log.records.len() as u32;
            let mut records = message.init_root::<schema::log::Builder<'_>>().init_records(count);
            for (index, record) in (0..count).zip(&log.records) {
                write(records.reborrow().get(index), record);
            }
        })
    }
}

impl LibraryCall<Mesh> for Segment {
    fn encode(&mut self, _: usize, mesh: &Mesh) -> &[u8] {
        self.message(|message| {
            let count = mesh.triangles.len() as u32;
            let mut triangles = message.init_root::<schema::mesh::Builder<'_>>().init_triangles(count);
            for (index, triangle) in (0..count).zip(&mesh.triangles) {
                let mut to = triangles.reborrow().get(index);
                macro_rules! vector {
                    ($group:ident, $vector:expr) => {
                        let mut group = to.reborrow().$group();
                        group.set_x($vector.x);
                        group.set_y($vector.y);
                        group.set_z($vector.z);
                    };
                }
                vector!(get_v0, triangle.v0);
                vector!(get_v1, triangle.v1);
                vector!(get_v2, triangle.v2);
                vector!(get_normal, triangle.normal);
            }
        })
    }
}
