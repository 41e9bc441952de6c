//! Builds the plugins, and tells the host which versions it has.

fn main() -> std::io::Result<()> {
    weft_plugin_build::tell("EXTISM_VERSION", "extism", None)?;
    weft_plugin_build::tell("EXTISM_PDK_VERSION", "extism-pdk", None)?;
    weft_plugin_build::tell("EXTISM_WASMTIME_VERSION", "wasmtime", Some("extism"))?;
    weft_plugin_build::plugins()
}
