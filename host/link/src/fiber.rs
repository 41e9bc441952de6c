//! Calls on fibers.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// What a call on a fiber returns. Nothing in this crate waits, so it is done when it is polled.
pub fn returned<T>(call: impl Future<Output = T>) -> T {
    let mut call = pin!(call);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(result) = call.as_mut().poll(&mut context) {
            return result;
        }
    }
}
