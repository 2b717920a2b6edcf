use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        Arc,
    },
    time::{Duration, Instant},
};

use ttrpc::{Code, Request};

use crate::{
    checklist::{equal, refused, Checklist, Verdict},
    contract::echo::EchoMsg,
    peer::{bytes, pair, Peer, ECHO, PROBE},
};

pub struct Plan {
    pub calls: usize,
    /// Calls at once, over all connections.
    pub concurrency: usize,
    pub connections: usize,
}

/// What follows a frame's header is at most this long.
const MAX_MESSAGE: usize = 4 << 20;

pub async fn check(address: &str, plan: Plan) -> Result<Checklist, String> {
    let peer = Peer::connect(address)?;
    let mut checks = Checklist::default();
    checks.that("a message comes back byte for byte", echo_once(&peer, &sample(1)).await);
    checks.that("an empty message comes back empty", echo_once(&peer, &EchoMsg::new()).await);
    checks.that("a message of 1 MiB comes back byte for byte", echo_once(&peer, &of_size(1 << 20)).await);
    checks.that("a message of nearly 4 MiB comes back byte for byte", echo_once(&peer, &of_size(MAX_MESSAGE - 100)).await);
    let title = format!(
        "{} calls, {} at once on {} connections, come back byte for byte",
        plan.calls, plan.concurrency, plan.connections
    );
    checks.that(&title, echo_many(address, plan).await);
    refusals(&mut checks, &peer).await;
    deadlines(&mut checks, &peer).await;
    metadata(&mut checks, &peer).await;
    checks.that("a quick call overtakes a slow one on the same connection", overtakes(&peer).await);
    checks.that("after all of this the connection still answers", echo_once(&peer, &sample(2)).await);
    Ok(checks)
}

fn as_it_is(_: &mut Request) {}

/// A message whose length and content differ with its number.
fn sample(number: usize) -> EchoMsg {
    EchoMsg {
        id: (number as u64) << 20,
        name: "ñandú ".repeat(number % 40),
        sent_at: -(number as i64),
        body: [number as u8, (number >> 8) as u8, 0].repeat(number % 700),
        ..Default::default()
    }
}

fn of_size(length: usize) -> EchoMsg {
    EchoMsg { body: vec![0; length], ..Default::default() }
}

/// Compares bytes, not fields: so it sees what an encoder adds, drops or reorders.
async fn echo_once(peer: &Peer, message: &EchoMsg) -> Verdict {
    let sent = bytes(message);
    let answer = peer.call(ECHO, "Unary", sent.clone(), as_it_is).await.map_err(|error| error.to_string())?;
    if answer.payload == sent {
        return Ok(());
    }
    Err(format!("sent {} bytes, other {} bytes came back", sent.len(), answer.payload.len()))
}

async fn echo_many(address: &str, plan: Plan) -> Verdict {
    let next = Arc::new(AtomicUsize::new(0));
    let peers = (0..plan.connections).map(|_| Peer::connect(address)).collect::<Result<Vec<_>, _>>()?;
    let workers: Vec<_> = (0..plan.concurrency)
        .map(|worker| {
            let (peer, next) = (peers[worker % peers.len()].clone(), next.clone());
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= plan.calls {
                        return Ok(());
                    }
                    echo_once(&peer, &sample(number)).await.map_err(|complaint| format!("call {number}: {complaint}"))?;
                }
            })
        })
        .collect();
    let mut verdict = Ok(());
    for worker in workers {
        verdict = verdict.and(worker.await.map_err(|error| error.to_string())?);
    }
    verdict
}

async fn refusals(checks: &mut Checklist, peer: &Peer) {
    let unknown = peer.call("bench.v1.Nothing", "Unary", vec![], as_it_is).await;
    checks.that("an unknown service is code 12", refused(unknown, Code::UNIMPLEMENTED, None));
    let unknown = peer.call(ECHO, "Nothing", vec![], as_it_is).await;
    checks.that("an unknown method is code 12", refused(unknown, Code::UNIMPLEMENTED, None));
    let wrong: [(&str, &[u8]); 3] = [
        ("a payload cut short is code 13", b"\x12\x7fabc"),
        ("a payload with a wrong wire type is code 13", b"\x0b\x01"),
        ("a payload with invalid UTF-8 in a text is code 13", b"\x12\x02\xc3\x28"),
    ];
    for (title, payload) in wrong {
        checks.that(title, refused(peer.call(ECHO, "Unary", payload.to_vec(), as_it_is).await, Code::INTERNAL, None));
    }
    let huge = peer.call(ECHO, "Unary", bytes(&of_size(MAX_MESSAGE + 1)), as_it_is).await;
    checks.that("a message over 4 MiB is code 8", refused(huge, Code::RESOURCE_EXHAUSTED, None));
    for (number, code) in CODES.into_iter().enumerate().map(|(index, code)| (index + 1, code)) {
        let message = format!("código {number}: no se pudo");
        let failing = EchoMsg { id: number as u64, name: message.clone(), ..Default::default() };
        let answer = peer.call(PROBE, "Fail", bytes(&failing), as_it_is).await;
        checks.that(&format!("a handler's code {number} arrives with its message"), refused(answer, code, Some(&message)));
    }
}

/// 1 to 16, in their order.
const CODES: [Code; 16] = [
    Code::CANCELLED, Code::UNKNOWN, Code::INVALID_ARGUMENT, Code::DEADLINE_EXCEEDED, Code::NOT_FOUND, Code::ALREADY_EXISTS,
    Code::PERMISSION_DENIED, Code::RESOURCE_EXHAUSTED, Code::FAILED_PRECONDITION, Code::ABORTED, Code::OUT_OF_RANGE,
    Code::UNIMPLEMENTED, Code::INTERNAL, Code::UNAVAILABLE, Code::DATA_LOSS, Code::UNAUTHENTICATED,
];

async fn sleep(peer: &Peer, milliseconds: u64, timeout: i64) -> ttrpc::Result<ttrpc::Response> {
    let message = EchoMsg { id: milliseconds, ..Default::default() };
    peer.call(PROBE, "Sleep", bytes(&message), |request| request.timeout_nano = timeout).await
}

async fn deadlines(checks: &mut Checklist, peer: &Peer) {
    let late = sleep(peer, 5000, -1_000_000_000).await;
    checks.that("a deadline that has passed already is code 4", refused(late, Code::DEADLINE_EXCEEDED, None));
    let begun = Instant::now();
    let late = sleep(peer, 5000, 50_000_000).await;
    checks.that("a deadline that passes during the call is code 4", refused(late, Code::DEADLINE_EXCEEDED, None));
    let took = begun.elapsed();
    let soon = if took < Duration::from_secs(4) { Ok(()) } else { Err(format!("it took {took:?}")) };
    checks.that("and is answered before the handler would have been ready", soon);
    let in_time = sleep(peer, 5, 10_000_000_000).await;
    checks.that("a call within its deadline succeeds", in_time.map(|_| ()).map_err(|error| error.to_string()));
}

async fn metadata(checks: &mut Checklist, peer: &Peer) {
    let sent = |request: &mut Request| {
        request.metadata = vec![pair("b", "2"), pair("a", "1"), pair("b", "1"), pair("a", "1")].into();
    };
    let seen = peer.ask("Meta", &EchoMsg::new(), sent).await.map_err(|error| error.to_string());
    let name = seen.clone().and_then(|seen| equal("metadata", seen.name.as_str(), "a=1,1;b=2,1"));
    checks.that("metadata keep the order and the repeats of a key's values", name);
    let none = seen.and_then(|seen| equal("body", String::from_utf8_lossy(&seen.body).as_ref(), "deadline=none"));
    checks.that("a call without a deadline has none", none);
    let hour = |request: &mut Request| request.timeout_nano = 3_600_000_000_000;
    let told = peer.ask("Meta", &EchoMsg::new(), hour).await.map_err(|error| error.to_string());
    let arrived = told.and_then(|seen| match String::from_utf8_lossy(&seen.body) {
        body if body.starts_with("deadline=") && body != "deadline=none" => Ok(()),
        body => Err(format!("body is {body}")),
    });
    checks.that("a deadline arrives", arrived);
}

/// Asks slowly, then quickly, and wants the quick answer first.
async fn overtakes(peer: &Peer) -> Verdict {
    let slow = sleep(peer, 1000, 0);
    let quick = async {
        tokio::time::sleep(Duration::from_millis(50)).await; // The slow call is on its way.
        echo_once(peer, &sample(3)).await
    };
    tokio::select! {
        answer = slow => Err(format!("the slow call was answered first: {:?}", answer.map(|_| ()))),
        verdict = quick => verdict,
    }
}
