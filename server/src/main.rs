//! The `ferrite` binary.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kernel::Clock;
use server::transfer::{self, Export, Import, TransferError};
use server::{Flags, Settings, Sources, doctor, logs, start};
use tokio::signal::unix::{Signal, SignalKind, signal};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Ferrite is a backend for apps in one program: accounts, social login and databases, compatible with Appwrite's SDKs.
///
/// To try it out: `ferrite serve --dev`, then open http://localhost:8080. Each option can also be set in the
/// environment, by the name in brackets, or in `ferrite.toml` in the working directory. Options override the
/// environment, which overrides the file.
#[derive(Debug, Parser)]
#[command(
    name = "ferrite",
    disable_version_flag = true,
    args_conflicts_with_subcommands = true,
    after_help = AFTER
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    flags: Flags,
}

/// Help on settings that have no flag, because command lines are visible to other users of the machine.
const AFTER: &str = "Only in the environment or the file:
  FERRITE_SECRET      seals tokens and keys, 32 random characters or more
                      [default: created at the first start, stored in the data folder]
  FERRITE_SECRET_OLD  earlier secrets, separated by commas, to decrypt existing data
  RUST_LOG            what is logged: error, warn, info or debug [default: info]";

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (also what `ferrite` alone does)
    #[command(after_help = AFTER)]
    Serve(Box<Flags>),
    /// Check settings, folders, disk, clock, database and bus, and print remedies; changes nothing
    Doctor(Box<Flags>),
    /// Import rows from a file into a table
    Import(Import),
    /// Export the rows of a table to a file
    Export(Export),
    /// Print the version
    Version,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command.unwrap_or(Command::Serve(Box::new(cli.flags))) {
        Command::Serve(flags) => match settings(*flags) {
            Ok(settings) => serve(settings),
            Err(error) => fail(&error),
        },
        Command::Doctor(flags) => examine(*flags),
        Command::Import(mut import) => {
            let flags = std::mem::take(&mut import.flags);
            run(*flags, async |settings| transfer::import(&settings, &import).await)
        }
        Command::Export(mut export) => {
            let flags = std::mem::take(&mut export.flags);
            run(*flags, async |settings| transfer::export(&settings, &export).await)
        }
        Command::Version => {
            print(&format!(
                "ferrite {} (API version {})",
                env!("CARGO_PKG_VERSION"),
                api::VERSION
            ));
            ExitCode::SUCCESS
        }
    }
}

fn settings(flags: Flags) -> Result<Settings, server::BadSetting> {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let file = std::fs::read_to_string("ferrite.toml").unwrap_or_default();
    Sources::new(flags, environment, &file)?.resolve()
}

fn serve(settings: Settings) -> ExitCode {
    logs::start(std::env::var("RUST_LOG").ok().as_deref());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(8)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    runtime.block_on(async {
        let mut stop = match Stop::listen() {
            Ok(stop) => stop,
            Err(error) => return fail(&error),
        };
        let running = match start(settings, Clock::system()).await {
            Ok(running) => running,
            Err(error) => return fail(&error),
        };
        tracing::info!(address = %running.address, url = %running.public_url, "Ferrite is listening");
        stop.wait().await;
        tracing::info!("stopping: waiting for running requests");
        running.stop().await;
        ExitCode::SUCCESS
    })
}

/// Runs a command to completion and prints its result.
fn run(flags: Flags, command: impl AsyncFnOnce(Settings) -> Result<String, TransferError>) -> ExitCode {
    let settings = match settings(flags) {
        Ok(settings) => settings,
        Err(error) => return fail(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    match runtime.block_on(command(settings)) {
        Ok(text) if text.is_empty() => ExitCode::SUCCESS,
        Ok(text) => {
            print(&text);
            ExitCode::SUCCESS
        }
        Err(error) => fail(&error),
    }
}

/// Prints one line per check; the exit code is 1 if one of them failed.
fn examine(flags: Flags) -> ExitCode {
    let found = match settings(flags) {
        Ok(settings) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match runtime {
                Ok(runtime) => runtime.block_on(doctor::examine(&settings, &Clock::system())),
                Err(error) => return fail(&error),
            }
        }
        Err(error) => vec![doctor::unreadable(&error)],
    };
    for finding in &found {
        print(&finding.to_string());
    }
    if found.iter().any(|finding| finding.level == doctor::Level::Fail) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// SIGTERM and SIGINT, which shut the server down gracefully. The handlers are installed before the server starts, so
/// that no signal is missed.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[expect(
    clippy::print_stdout,
    reason = "what a command was asked for goes to standard output"
)]
fn print(text: &str) {
    println!("{text}");
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("ferrite: {error}");
    ExitCode::FAILURE
}
