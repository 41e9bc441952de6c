//! What comes from the table of messages.

/// The table: for each message its module's name, which is its own, and its type.
macro_rules! messages {
    ($($name:ident: $type:ident),+ $(,)?) => {
        $(pub use $name::$type;)+

        /// Every kind of message, in the order of reports.
        pub const KINDS: &[Kind] = &[$(Kind::of::<$type>()),+];

        $crate::table::for_each! { ($) $($name: $type),+ }
    };
}

/// [`with_messages!`], with the messages written into it. `$d` is a dollar sign.
macro_rules! for_each {
    (($d:tt) $($name:ident: $type:ident),+) => {
        /// Calls a macro with all messages, in brackets, and then with what follows: `with_messages! { [path::to::mine] more }`
        /// is `path::to::mine! { [ping: Ping, log: Log, …] more }`.
        #[macro_export]
        macro_rules! with_messages {
            ([$d($d callback:tt)+] $d($d more:tt)*) => {
                $d($d callback)+! { [$($name: $type),+] $d($d more)* }
            };
        }
    };
}

pub(crate) use {for_each, messages};
