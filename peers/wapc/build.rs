//! Builds the plugins, and tells the host which versions it has.

fn main() -> std::io::Result<()> {
    weft_plugin_build::tell("WAPC_VERSION", "wapc", None)?;
    weft_plugin_build::tell("WAPC_GUEST_VERSION", "wapc-guest", None)?;
    weft_plugin_build::tell("WAPC_PROVIDER_VERSION", "wasmtime-provider", None)?;
    weft_plugin_build::tell("WAPC_WASMTIME_VERSION", "wasmtime", Some("wasmtime-provider"))?;
    weft_plugin_build::plugins()
}
