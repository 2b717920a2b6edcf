//! Interop is a ttrpc peer that the project did not write: Rust's ttrpc 0.5.2, as Debian ships it, over the contract in Protos/.
//!
//!     interop-rust echo  --addr unix:PATH|tcp:HOST:PORT [--calls N] [--concurrency N] [--connections N]
//!     interop-rust serve --addr … [--threads N]
//!
//! `echo` calls bench.v1, prints one line per check and "N passed, M failed"; its exit status is 0 only when M is 0.
//! `serve` serves bench.v1 until SIGTERM; with 0 threads on tokio's runtime of one thread, which is the faster on one core.

mod checklist;
mod echo;
mod peer;
mod serve;
/// Where the library's macros look for the messages.
use contract::echo as messages;

/// The messages of bench.v1, made by build.rs in a style that newer compilers warn of.
#[allow(warnings)]
pub mod contract {
    include!(concat!(env!("OUT_DIR"), "/mod.rs"));
}

use std::{collections::HashMap, future::Future, process::exit, str::FromStr, time::Duration};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = arguments.first().map(String::as_str);
    let options = options(arguments.get(1..).unwrap_or_default());
    let address: String = number(&options, "--addr", String::new());
    if address.is_empty() {
        usage();
    }
    match command {
        Some("echo") => {
            let plan = echo::Plan {
                calls: number(&options, "--calls", 4000),
                concurrency: number(&options, "--concurrency", 32),
                connections: number(&options, "--connections", 4),
            };
            let patience = Duration::from_secs(number(&options, "--patience", 60));
            exit(run(2, async move { finish(patience, echo::check(&address, plan)).await }))
        }
        Some("serve") => exit(run(number(&options, "--threads", 0), async move {
            serve::serve(&address).await.map_or_else(fail, |()| 0)
        })),
        _ => usage(),
    }
}

fn usage() -> ! {
    eprintln!("usage: interop-rust echo|serve --addr unix:PATH|tcp:HOST:PORT (echo: --calls --concurrency --connections --patience; serve: --threads)");
    exit(64)
}

/// Pairs of a name and a value, and nothing else.
fn options(arguments: &[String]) -> HashMap<&str, &str> {
    if arguments.len() % 2 != 0 {
        usage();
    }
    arguments.chunks(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect()
}

fn number<Value: FromStr>(options: &HashMap<&str, &str>, name: &str, otherwise: Value) -> Value {
    options.get(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| usage()))
}

fn run(threads: usize, work: impl Future<Output = i32>) -> i32 {
    let mut builder = match threads {
        0 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    if threads > 0 {
        builder.worker_threads(threads);
    }
    builder.enable_all().build().expect("a runtime").block_on(work)
}

/// Sums up, or gives up when the peer leaves a call unanswered: Rust's client would wait for ever.
async fn finish(patience: Duration, checks: impl Future<Output = Result<checklist::Checklist, String>>) -> i32 {
    match tokio::time::timeout(patience, checks).await {
        Err(_) => fail(format!("gave up after {patience:?}: a call is still unanswered")),
        Ok(Err(complaint)) => fail(complaint),
        Ok(Ok(checks)) => {
            println!("{} passed, {} failed", checks.passed, checks.failed);
            (checks.failed > 0) as i32
        }
    }
}

fn fail(complaint: String) -> i32 {
    eprintln!("interop-rust: {complaint}");
    2
}
