//! The library's own call, as its documentation shows it for many messages: a builder that is reset, and grows where it must.

use flatbuffers::{FlatBufferBuilder, WIPOffset};
use weft_guest::schemas::mesh::Vector3;
use weft_guest::schemas::{Log, LogRecord, Mesh, Triangle};
use weft_schemas_flatbuffers::generated::weft_generated as fb;
use weft_testing::LibraryCall;

use crate::{LogWire, MeshWire};

weft_testing::overhead! { log@100: LogWire = Reused::new, mesh@1000: MeshWire = Reused::new }

/// The builder, and where the records lie.
struct Reused(FlatBufferBuilder<'static>, Vec<WIPOffset<fb::LogRecord<'static>>>);

impl Reused {
    fn new<M>(_: &[M], room: usize) -> Self {
        Self(FlatBufferBuilder::with_capacity(room), Vec::new())
    }
}

impl LibraryCall<Log> for Reused {
    fn encode(&mut self, _: usize, log: &Log) -> &[u8] {
        let Self(builder, records) = self;
        builder.reset();
        records.clear();
        records.extend(log.records.iter().map(|record| write(builder, record)));
        let records = Some(builder.create_vector(records));
        let root = fb::Log::create(builder, &fb::LogArgs { records });
        builder.finish(root, None);
        builder.finished_data()
    }
}

fn write(builder: &mut FlatBufferBuilder<'static>, record: &LogRecord) -> WIPOffset<fb::LogRecord<'static>> {
    let (http, origin) = (&record.http, &record.origin);
    let args = fb::HttpArgs {
        protocol: fb::HttpProtocol(http.protocol.byte()),
        status: http.status,
        host_status: http.host_status,
        up_status: http.up_status,
        method: fb::Method(http.method.byte()),
        content_type: Some(builder.create_string(&http.content_type)),
        user_agent: Some(builder.create_string(&http.user_agent)),
        referer: Some(builder.create_string(&http.referer)),
        request_uri: Some(builder.create_string(&http.request_uri)),
    };
    let http = Some(fb::Http::create(builder, &args));
    let args = fb::OriginArgs {
        ip: Some(builder.create_string(&origin.ip)),
        port: origin.port,
        hostname: Some(builder.create_string(&origin.hostname)),
        protocol: fb::OriginProtocol(origin.protocol.byte()),
    };
    let origin = Some(fb::Origin::create(builder, &args));
    let args = fb::LogRecordArgs {
        timestamp: record.timestamp,
        zone_id: record.zone_id,
        zone_plan: fb::ZonePlan(record.zone_plan.byte()),
        http,
        origin,
        country: fb::Country(record.country.byte()),
        cache_status: fb::CacheStatus(record.cache_status.byte()),
        server_ip: Some(builder.create_string(&record.server_ip)),
        server_name: Some(builder.create_string(&record.server_name)),
        remote_ip: Some(builder.create_string(&record.remote_ip)),
        bytes_dlv: record.bytes_dlv,
        ray_id: Some(builder.create_string(&record.ray_id)),
    };
    fb::LogRecord::create(builder, &args)
}

impl LibraryCall<Mesh> for Reused {
    fn encode(&mut self, _: usize, mesh: &Mesh) -> &[u8] {
        let Self(builder, _) = self;
        builder.reset();
        let vector = |v: &Vector3| fb::Vector3::new(v.x, v.y, v.z);
        let triangle = |Triangle { v0, v1, v2, normal }: &Triangle| {
            fb::Triangle::new(&vector(v0), &vector(v1), &vector(v2), &vector(normal))
        };
        let triangles = Some(builder.create_vector_from_iter(mesh.triangles.iter().map(triangle)));
        let root = fb::Mesh::create(builder, &fb::MeshArgs { triangles });
        builder.finish(root, None);
        builder.finished_data()
    }
}
