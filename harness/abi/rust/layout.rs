//! Prints what the mirror in plugin.rs says of sizes, places and numbers, in the words of layout.c.
#[allow(dead_code)]
mod plugin;

use plugin::abi;
use std::mem::{size_of, MaybeUninit};
use std::ptr::addr_of;

fn size_of_value<T>(_: *const T) -> usize {
    size_of::<T>()
}

macro_rules! layout {
    ($name:literal, $type:ty, $($field:ident)*) => {
        println!("{} {}", $name, size_of::<$type>());
        let record = MaybeUninit::<$type>::uninit();
        let base = record.as_ptr();
        $(
            let field = unsafe { addr_of!((*base).$field) };
            let name = stringify!($field).trim_start_matches("r#");
            println!("{}.{} {} {}", $name, name, field as usize - base as usize, size_of_value(field));
        )*
    };
}

macro_rules! numbers {
    ($($name:ident)*) => { $(println!("{} {}", stringify!($name), abi::$name);)* };
}

fn main() {
    layout!("pep554_error_t", abi::Error, size category r#type message);
    layout!("pep554_option_t", abi::Setting, key value);
    layout!("pep554_plugin_t", abi::Plugin, size abi_version name version start stop describe
            enumerate get_current get_main create construct read_id write_id is_running destroy run
            release get_extension);
    layout!("pep554_eval_t", abi::Eval, eval);
    layout!("pep554_fork_t", abi::Fork, before_fork after_fork_parent after_fork_child);
    layout!("pep554_thread_t", abi::Thread, attach detach);
    println!("pep554_status_t {}", size_of::<abi::Status>());
    numbers!(ABI_VERSION OK RAISED UNSUPPORTED FAILED OTHER NOT_FOUND BUSY BAD_ARGUMENT
             SCRIPT_FAILED NOT_SUPPORTED);
    for name in [abi::EXT_EVAL, abi::EXT_FORK, abi::EXT_THREAD] {
        println!("{}", String::from_utf8_lossy(&name[..name.len() - 1]));
    }
}
