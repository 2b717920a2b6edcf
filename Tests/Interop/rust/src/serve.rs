use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use protobuf::{CodedInputStream, Message, ProtobufEnum};
use tokio::signal::unix::{signal, SignalKind};
use ttrpc::{
    asynchronous::{MethodHandler, Server, TtrpcContext},
    get_status, Code, Error, Request,
};

use crate::{
    contract::echo::EchoMsg,
    peer::{listening, ECHO, PROBE},
};

/// Offers bench.v1, as far as unary calls go, until SIGTERM or SIGINT.
pub async fn serve(address: &str) -> Result<(), String> {
    let listener = listening(address)?;
    let mut server = Server::new()
        .add_listener(listener)
        .map_err(|error| error.to_string())?
        .set_domain_unix()
        .register_service(methods());
    server.start().await.map_err(|error| error.to_string())?;
    println!("serving {address}");
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
    tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    Ok(())
}

/// What answers the calls; the methods below are its front, written as ttrpc's generator writes them.
struct Bench;

impl Bench {
    async fn unary(&self, _: &TtrpcContext, request: EchoMsg) -> ttrpc::Result<EchoMsg> {
        Ok(request)
    }

    async fn sleep(&self, _: &TtrpcContext, request: EchoMsg) -> ttrpc::Result<EchoMsg> {
        tokio::time::sleep(Duration::from_millis(request.id)).await;
        Ok(request)
    }

    async fn fail(&self, _: &TtrpcContext, request: EchoMsg) -> ttrpc::Result<EchoMsg> {
        let code = Code::from_i32(request.id as i32).unwrap_or(Code::INVALID_ARGUMENT);
        Err(Error::RpcStatus(get_status(code, request.name)))
    }

    async fn meta(&self, context: &TtrpcContext, _: EchoMsg) -> ttrpc::Result<EchoMsg> {
        let mut pairs: Vec<String> =
            context.metadata.iter().map(|(key, values)| format!("{key}={}", values.join(","))).collect();
        pairs.sort();
        let left = match context.timeout_nano {
            0 => "none".to_string(),
            nanoseconds => format!("{:?}", Duration::from_nanos(nanoseconds as u64)),
        };
        Ok(EchoMsg { name: pairs.join(";"), body: format!("deadline={left}").into_bytes(), ..Default::default() })
    }
}

macro_rules! method {
    ($name:ident, $function:ident) => {
        struct $name {
            service: Arc<Bench>,
        }

        #[async_trait]
        impl MethodHandler for $name {
            async fn handler(&self, context: TtrpcContext, request: Request) -> ttrpc::Result<(u32, Vec<u8>)> {
                ttrpc::async_request_handler!(self, context, request, messages, EchoMsg, $function);
            }
        }
    };
}

method!(Unary, unary);
method!(Sleep, sleep);
method!(Fail, fail);
method!(Meta, meta);

fn methods() -> HashMap<String, Box<dyn MethodHandler + Send + Sync>> {
    let service = Arc::new(Bench);
    HashMap::from([
        (format!("/{ECHO}/Unary"), Box::new(Unary { service: service.clone() }) as Box<dyn MethodHandler + Send + Sync>),
        (format!("/{PROBE}/Sleep"), Box::new(Sleep { service: service.clone() })),
        (format!("/{PROBE}/Fail"), Box::new(Fail { service: service.clone() })),
        (format!("/{PROBE}/Meta"), Box::new(Meta { service })),
    ])
}
