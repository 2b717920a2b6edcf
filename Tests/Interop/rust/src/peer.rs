use std::{
    net::{TcpListener, TcpStream},
    os::unix::{
        io::{AsRawFd, IntoRawFd, RawFd},
        net::{UnixListener, UnixStream},
    },
};

use protobuf::Message;
use ttrpc::{asynchronous::Client, ttrpc::KeyValue, Request, Response};

use crate::contract::echo::EchoMsg;

pub const ECHO: &str = "bench.v1.Echo";
pub const PROBE: &str = "bench.v1.Probe";

enum Address<'a> {
    Unix(&'a str),
    Tcp(&'a str),
}

fn parse(address: &str) -> Result<Address<'_>, String> {
    match address.split_once(':') {
        Some(("unix", path)) => Ok(Address::Unix(path)),
        Some(("tcp", place)) => Ok(Address::Tcp(place)),
        _ => Err(format!("{address:?} is neither unix:PATH nor tcp:HOST:PORT")),
    }
}

/// A connected descriptor. The library connects to abstract sockets only, and takes any descriptor as if it were one.
fn connected(address: &str) -> Result<RawFd, String> {
    let descriptor = match parse(address)? {
        Address::Unix(path) => UnixStream::connect(path).map(IntoRawFd::into_raw_fd),
        Address::Tcp(place) => TcpStream::connect(place).and_then(|stream| {
            stream.set_nodelay(true)?;
            Ok(stream.into_raw_fd())
        }),
    };
    descriptor.map_err(|error| format!("{address}: {error}"))
}

/// A listening descriptor. The library cannot bind one: it asks for SO_REUSEPORT, which a Unix socket does not have.
pub fn listening(address: &str) -> Result<RawFd, String> {
    let descriptor = match parse(address)? {
        Address::Unix(path) => {
            let _ = std::fs::remove_file(path);
            UnixListener::bind(path).map(IntoRawFd::into_raw_fd)
        }
        Address::Tcp(place) => TcpListener::bind(place).map(|listener| {
            without_delay(listener.as_raw_fd());
            listener.into_raw_fd()
        }),
    };
    descriptor.map_err(|error| format!("{address}: {error}"))
}

/// TCP_NODELAY on a listener, which its connections inherit: the library sets nothing itself.
fn without_delay(listener: RawFd) {
    extern "C" {
        fn setsockopt(descriptor: i32, level: i32, name: i32, value: *const i32, length: u32) -> i32;
    }
    const IPPROTO_TCP: i32 = 6;
    const TCP_NODELAY: i32 = 1;
    unsafe { setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &1, 4) };
}

/// One connection of Rust's client.
#[derive(Clone)]
pub struct Peer(Client);

impl Peer {
    pub fn connect(address: &str) -> Result<Peer, String> {
        connected(address).map(|descriptor| Peer(Client::new(descriptor)))
    }

    /// Makes a call whose envelope `change` may amend; the client itself knows no deadline.
    pub async fn call(
        &self, service: &str, method: &str, payload: Vec<u8>, change: impl FnOnce(&mut Request),
    ) -> ttrpc::Result<Response> {
        let mut request = Request::new();
        request.service = service.to_string();
        request.method = method.to_string();
        request.payload = payload;
        change(&mut request);
        self.0.clone().request(request).await
    }

    pub async fn ask(&self, method: &str, message: &EchoMsg, change: impl FnOnce(&mut Request)) -> ttrpc::Result<EchoMsg> {
        let response = self.call(PROBE, method, bytes(message), change).await?;
        EchoMsg::parse_from_bytes(&response.payload).map_err(|error| ttrpc::Error::Others(error.to_string()))
    }
}

pub fn bytes(message: &EchoMsg) -> Vec<u8> {
    message.write_to_bytes().expect("every message can be encoded")
}

pub fn pair(key: &str, value: &str) -> KeyValue {
    KeyValue { key: key.to_string(), value: value.to_string(), ..Default::default() }
}
