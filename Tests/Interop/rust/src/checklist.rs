use ttrpc::{Code, Error, Response};

/// Prints and counts what was checked.
#[derive(Default)]
pub struct Checklist {
    pub passed: u32,
    pub failed: u32,
}

/// Nothing when it is as it should be, otherwise what is wrong.
pub type Verdict = Result<(), String>;

impl Checklist {
    pub fn that(&mut self, title: &str, verdict: Verdict) {
        match verdict {
            Ok(()) => {
                self.passed += 1;
                println!("ok     {title}");
            }
            Err(complaint) => {
                self.failed += 1;
                println!("FAILED {title}: {complaint}");
            }
        }
    }
}

/// That a call was refused with this code, and with this message when one is given.
pub fn refused(answer: ttrpc::Result<Response>, code: Code, message: Option<&str>) -> Verdict {
    match answer {
        Ok(_) => Err(format!("wanted {code:?}, the call succeeded")),
        Err(Error::RpcStatus(status)) if status.code != code => Err(format!("wanted {code:?}, got {status:?}")),
        Err(Error::RpcStatus(status)) => match message {
            Some(wanted) => equal("message", status.message.as_str(), wanted),
            None => Ok(()),
        },
        Err(other) => Err(format!("wanted {code:?}, the client says: {other}")),
    }
}

pub fn equal<Value: PartialEq + std::fmt::Debug>(what: &str, got: Value, wanted: Value) -> Verdict {
    if got == wanted {
        return Ok(());
    }
    Err(format!("{what} is {got:?}, wanted {wanted:?}"))
}
