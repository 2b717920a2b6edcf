//! Generates the messages of bench.v1 from the contract in Protos/, whose folder is in `VENTANILLA_PROTOS`.

fn main() {
    let protos = std::env::var("VENTANILLA_PROTOS").expect("VENTANILLA_PROTOS names the folder of the contract");
    let echo = format!("{protos}/bench/v1/echo.proto");
    println!("cargo:rerun-if-env-changed=VENTANILLA_PROTOS");
    println!("cargo:rerun-if-changed={echo}");
    protobuf_codegen_pure::Codegen::new()
        .out_dir(std::env::var("OUT_DIR").unwrap())
        .input(&echo)
        .includes(&[protos.as_str(), "/usr/include"])
        .run()
        .expect("protobuf-codegen-pure takes the contract");
    // An included file cannot begin with the attributes of a whole file: it is a module of this one instead.
    let list = format!("{}/mod.rs", std::env::var("OUT_DIR").unwrap());
    std::fs::write(list, "pub mod echo;").unwrap();
}
