//! The template plugin in Rust: what ../template/plugin_template.c does, with references of its own
//! behind the handles. YOURS marks what becomes a call of your implementation.
//!
//!     rustc --edition 2021 --crate-type cdylib -C opt-level=2 plugin.rs -o libmy_plugin.so

use std::ffi::CStr;
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// pep554_plugin.h, version 1, in Rust. Its layout is tested against the header (layout.rs).
pub mod abi {
    use std::os::raw::{c_char, c_int, c_void};

    pub const ABI_VERSION: u32 = 1;
    pub const EXT_EVAL: &[u8] = b"pep554.eval/1\0";
    pub const EXT_FORK: &[u8] = b"pep554.fork/1\0";
    pub const EXT_THREAD: &[u8] = b"pep554.thread/1\0";

    // Integers, not enumerations: no number that comes from the other side is undefined behaviour.
    pub type Status = c_int;
    pub const OK: Status = 0;
    pub const RAISED: Status = 1;
    pub const UNSUPPORTED: Status = 2;
    pub const FAILED: Status = 3;

    pub const OTHER: i32 = 0;
    pub const NOT_FOUND: i32 = 1;
    pub const BUSY: i32 = 2;
    pub const BAD_ARGUMENT: i32 = 3;
    pub const SCRIPT_FAILED: i32 = 4;
    pub const NOT_SUPPORTED: i32 = 5;

    #[repr(C)]
    pub struct Error {
        pub size: u32,
        pub category: i32,
        pub r#type: [c_char; 128],
        pub message: [c_char; 1024],
    }

    #[repr(C)]
    pub struct Setting {
        pub key: *const c_char,
        pub value: *const c_char,
    }

    pub type FactFn = unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char);
    type R = *mut super::Runtime;
    type I = *mut super::Interpreter;
    type E = *mut Error;
    type Text = *const c_char;

    #[repr(C)]
    pub struct Plugin {
        pub size: u32,
        pub abi_version: u32,
        pub name: Text,
        pub version: Text,
        pub start: unsafe extern "C" fn(*const Setting, usize, *mut R, E) -> Status,
        pub stop: unsafe extern "C" fn(R, E) -> Status,
        pub describe: unsafe extern "C" fn(R, FactFn, *mut c_void, E) -> Status,
        pub enumerate: unsafe extern "C" fn(R, *mut I, usize, *mut usize, E) -> Status,
        pub get_current: unsafe extern "C" fn(R, *mut I, E) -> Status,
        pub get_main: unsafe extern "C" fn(R, *mut I, E) -> Status,
        pub create: unsafe extern "C" fn(R, *mut I, E) -> Status,
        pub construct: unsafe extern "C" fn(R, Text, *mut I, E) -> Status,
        pub read_id: unsafe extern "C" fn(R, I, *mut c_char, usize, *mut usize, E) -> Status,
        pub write_id: unsafe extern "C" fn(R, I, Text, E) -> Status,
        pub is_running: unsafe extern "C" fn(R, I, *mut i32, E) -> Status,
        pub destroy: unsafe extern "C" fn(R, I, E) -> Status,
        pub run: unsafe extern "C" fn(R, I, Text, usize, E) -> Status,
        pub release: unsafe extern "C" fn(R, I),
        pub get_extension: unsafe extern "C" fn(Text) -> *const c_void,
    }
    unsafe impl Sync for Plugin {} // nothing in it ever changes

    #[repr(C)]
    pub struct Eval {
        pub eval: unsafe extern "C" fn(R, Text, usize, E) -> Status,
    }

    #[repr(C)]
    pub struct Fork {
        pub before_fork: unsafe extern "C" fn(R),
        pub after_fork_parent: unsafe extern "C" fn(R),
        pub after_fork_child: unsafe extern "C" fn(R),
    }

    #[repr(C)]
    pub struct Thread {
        pub attach: unsafe extern "C" fn(R, *mut *mut c_void, E) -> Status,
        pub detach: unsafe extern "C" fn(R, *mut c_void),
    }
}

use abi::{Error, Status};

/// YOURS: the runtime. Here: whether each interpreter is alive, by id; the first is the main one.
pub struct Runtime {
    alive: Mutex<Vec<bool>>,
}

impl Runtime {
    fn alive(&self) -> MutexGuard<Vec<bool>> {
        self.alive.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// YOURS: what a handle points to, a reference of its own.
pub struct Interpreter {
    id: usize,
}

/// Why a slot does not answer PEP554_OK, as it goes into the error record.
struct Refusal {
    status: Status,
    category: i32,
    exception: &'static str,
    message: String,
}

fn raised(category: i32, exception: &'static str, message: &str) -> Refusal {
    Refusal { status: abi::RAISED, category, exception, message: message.to_string() }
}

fn without(status: Status, message: &str) -> Refusal {
    Refusal { status, category: abi::OTHER, exception: "", message: message.to_string() }
}

fn gone() -> Refusal {
    raised(abi::NOT_FOUND, "LookupError", "no such interpreter")
}

/// As much of the text as fits, cut between characters, NUL replaced.
fn put(field: &mut [c_char], text: &str) {
    let mut end = text.len().min(field.len() - 1);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    for (to, from) in field.iter_mut().zip(text[..end].bytes()) {
        *to = if from == 0 { b'?' } else { from } as c_char;
    }
    field[end] = 0;
}

/// The frame of every slot: no panic leaves it, and a refusal fills the record.
fn answer(error: *mut Error, body: impl FnOnce() -> Result<(), Refusal>) -> Status {
    let refusal = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return abi::OK,
        Ok(Err(refusal)) => refusal,
        Err(_) => without(abi::FAILED, "the plugin panicked"),
    };
    let error = unsafe { &mut *error };
    error.category = refusal.category;
    put(&mut error.r#type, refusal.exception);
    put(&mut error.message, &refusal.message);
    refusal.status
}

/// A fresh handle, the caller's until release.
unsafe fn hand_out(to: *mut *mut Interpreter, id: usize) {
    *to = Box::into_raw(Box::new(Interpreter { id }));
}

// YOURS: start the runtime. The settings are those of `--target plugin:FILE,key=value`.
unsafe extern "C" fn start(
    _: *const abi::Setting,
    count: usize,
    runtime: *mut *mut Runtime,
    error: *mut Error,
) -> Status {
    answer(error, || {
        if count > 0 {
            return Err(without(abi::FAILED, "there are no options"));
        }
        *runtime = Box::into_raw(Box::new(Runtime { alive: Mutex::new(vec![true]) }));
        Ok(())
    })
}

// YOURS: what the runtime does at the end of a process.
unsafe extern "C" fn stop(_: *mut Runtime, _: *mut Error) -> Status {
    abi::OK
}

// YOURS: facts that identify this runtime.
unsafe extern "C" fn describe(
    _: *mut Runtime,
    fact: abi::FactFn,
    context: *mut c_void,
    _: *mut Error,
) -> Status {
    fact(context, c("implementation\0"), c("template\0"));
    fact(context, c("version\0"), c("1.0\0"));
    fact(context, c("build\0"), c("as copied\0"));
    fact(context, c("platform\0"), c("any\0"));
    fact(context, c("module\0"), c("none\0"));
    fact(context, c("module_file\0"), c("none\0"));
    abi::OK
}

unsafe extern "C" fn enumerate(
    runtime: *mut Runtime,
    interpreters: *mut *mut Interpreter,
    capacity: usize,
    count: *mut usize,
    error: *mut Error,
) -> Status {
    answer(error, || {
        let alive = (*runtime).alive(); // YOURS: interpreters.enumerate()
        let ids: Vec<usize> = (0..alive.len()).filter(|id| alive[*id]).collect();
        *count = ids.len();
        if ids.len() <= capacity {
            for (at, id) in ids.iter().enumerate() {
                hand_out(interpreters.add(at), *id);
            }
        }
        Ok(())
    })
}

// YOURS: get_main(). Here it is get_current() too, since no other interpreter can execute code.
unsafe extern "C" fn get_main(
    _: *mut Runtime,
    interpreter: *mut *mut Interpreter,
    error: *mut Error,
) -> Status {
    answer(error, || {
        hand_out(interpreter, 0);
        Ok(())
    })
}

unsafe extern "C" fn create(
    runtime: *mut Runtime,
    interpreter: *mut *mut Interpreter,
    error: *mut Error,
) -> Status {
    answer(error, || {
        let mut alive = (*runtime).alive(); // YOURS: interpreters.create()
        alive.push(true);
        hand_out(interpreter, alive.len() - 1);
        Ok(())
    })
}

unsafe extern "C" fn construct(
    runtime: *mut Runtime,
    id: *const c_char,
    interpreter: *mut *mut Interpreter,
    error: *mut Error,
) -> Status {
    answer(error, || {
        let text = CStr::from_ptr(id).to_str(); // YOURS: interpreters.Interpreter(id)
        let id = text.ok().and_then(|text| text.parse().ok()).ok_or_else(gone)?;
        if !(*runtime).alive().get(id).copied().unwrap_or(false) {
            return Err(gone());
        }
        hand_out(interpreter, id);
        Ok(())
    })
}

unsafe extern "C" fn read_id(
    _: *mut Runtime,
    interpreter: *mut Interpreter,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
    error: *mut Error,
) -> Status {
    answer(error, || {
        let text = (*interpreter).id.to_string(); // YOURS: interpreter.id, as text
        *length = text.len();
        if text.len() < capacity {
            put(std::slice::from_raw_parts_mut(buffer, text.len() + 1), &text);
        }
        Ok(())
    })
}

unsafe extern "C" fn write_id(
    _: *mut Runtime,
    _: *mut Interpreter,
    _: *const c_char,
    error: *mut Error,
) -> Status {
    // YOURS: assign it
    answer(error, || Err(raised(abi::OTHER, "AttributeError", "id is read-only")))
}

unsafe extern "C" fn is_running(
    runtime: *mut Runtime,
    interpreter: *mut Interpreter,
    running: *mut i32,
    error: *mut Error,
) -> Status {
    answer(error, || {
        let id = (*interpreter).id; // YOURS: interpreter.is_running()
        if !(*runtime).alive()[id] {
            return Err(gone());
        }
        *running = i32::from(id == 0);
        Ok(())
    })
}

unsafe extern "C" fn destroy(
    runtime: *mut Runtime,
    interpreter: *mut Interpreter,
    error: *mut Error,
) -> Status {
    answer(error, || {
        let id = (*interpreter).id; // YOURS: interpreter.destroy()
        if id == 0 {
            return Err(raised(abi::OTHER, "RuntimeError", "the main interpreter stays"));
        }
        let was_alive = std::mem::replace(&mut (*runtime).alive()[id], false);
        was_alive.then(|| ()).ok_or_else(gone)
    })
}

unsafe extern "C" fn run(
    _: *mut Runtime,
    _: *mut Interpreter,
    _: *const c_char,
    _: usize,
    error: *mut Error,
) -> Status {
    // YOURS: run it
    answer(error, || Err(without(abi::UNSUPPORTED, "executes no code")))
}

// YOURS: drop the reference.
unsafe extern "C" fn release(_: *mut Runtime, interpreter: *mut Interpreter) {
    drop(Box::from_raw(interpreter));
}

// YOURS: what a thread has to do before it may call your implementation ...
unsafe extern "C" fn attach(_: *mut Runtime, state: *mut *mut c_void, _: *mut Error) -> Status {
    *state = std::ptr::null_mut();
    abi::OK
}

// ... and what it has to undo.
unsafe extern "C" fn detach(_: *mut Runtime, _: *mut c_void) {}

static THREAD: abi::Thread = abi::Thread { attach, detach };

// YOURS: pep554.eval/1 if the main interpreter can execute code, pep554.fork/1 if forks matter.
unsafe extern "C" fn get_extension(name: *const c_char) -> *const c_void {
    if CStr::from_ptr(name).to_bytes_with_nul() == abi::EXT_THREAD {
        return &THREAD as *const abi::Thread as *const c_void;
    }
    std::ptr::null()
}

/// C's view of a text that ends in NUL.
const fn c(text: &'static str) -> *const c_char {
    text.as_ptr() as *const c_char
}

#[no_mangle]
#[allow(non_upper_case_globals)]
pub static pep554_plugin: abi::Plugin = abi::Plugin {
    size: std::mem::size_of::<abi::Plugin>() as u32,
    abi_version: abi::ABI_VERSION,
    name: c("template\0"),
    version: c("1.0\0"),
    start,
    stop,
    describe,
    enumerate,
    get_current: get_main,
    get_main,
    create,
    construct,
    read_id,
    write_id,
    is_running,
    destroy,
    run,
    release,
    get_extension,
};
