// The host `node`: weft's guests in V8, as Node.js brings it. It speaks the protocol of docs/HOSTS.md, version 1.
//
// Start it as host.toml does; it needs Node.js 20 or later and nothing else. It verifies and measures cells, and
// measures the bare calls of `boundary`.
//
// Transports. `relay` copies a message from the outbox into a buffer of the host and from there into the inbox,
// `direct` copies once, and `linked` gives both guests one memory, with the consumer's `receive` as the producer's
// import.
//
// One function for all pairs. V8 compiles the functions `relay` and `direct` while they run, and what it knows about
// them belongs to the function object. A new closure for each pair runs slowly for up to 30 ms, and now and then again
// later. So there is one function of each kind for the whole process; `link` says which pair it serves. It is brought
// to its final speed before the first reading (`settle`).
//
// Garbage. A call of a guest's export returns a BigInt, and a long message takes a view: both are garbage. The host
// collects all of it between items. V8 tells of a collection that it does itself only later, but with its time: after
// a reading the samples that one fell into are dropped. So no reading contains the collection of what messages leave:
// some 0.2 ms in fifty thousand messages. Single messages (`singles`) keep it, as their slowest.
//
// Limits. Memories and tables are limited by V8; the stack is that of the process (`--stack-size`). The two instances
// of a pair are all that there are.

import { createHash } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

const PROTOCOL = 1;

/**
 * What V8 is told beside host.toml: to compile a module when it is loaded and not at its functions' first calls, the
 * same for the code around calls of exports, and to keep the host's own compiled functions while other cells are
 * measured. A later V8 that does not know one of them says so on standard error and goes on.
 */
const FLAGS = ['--no-wasm-lazy-compilation', '--no-wasm-generic-wrapper', '--no-flush-bytecode'];
FLAGS.forEach((flag) => setFlagsFromString(flag));

// ---------------------------------------------------------------------------------------------------------------------
// Replies

/** Why an item has no figure. Its kind is the key of the reply. */
class Outcome extends Error {
    constructor(kind, reason) {
        super(reason);
        this.kind = kind;
    }
}

const failed = (reason) => new Outcome('failed', reason);
const wrong = (reason) => new Outcome('wrong', reason);
const unsupported = (reason) => new Outcome('unsupported', reason);

/** Why a line is no request, or a round cannot begin. */
class BadRequest extends Error {}

function demand(condition, reason) {
    if (!condition) throw new BadRequest(reason);
}

/** Writes a line at once: a guest that hangs must not keep back what was said before. */
function reply(message) {
    let rest = Buffer.from(`${JSON.stringify(message)}\n`);
    while (rest.length > 0) {
        try {
            rest = rest.subarray(writeSync(1, rest));
        } catch (error) {
            if (error.code === 'EPIPE') process.exit(0);
            if (error.code !== 'EAGAIN') throw error;
            // The pipe is full: a millisecond for its reader.
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The clock

/**
 * The time in nanoseconds. `hrtime.bigint` is some nanoseconds cheaper, but each of its readings and differences is a
 * BigInt, that is garbage.
 */
const now = () => performance.now() * 1e6;

const rounded = (nanoseconds) => Math.round(nanoseconds * 1e3) / 1e3;

/** Of numbers; there must be one. */
function median(numbers) {
    const sorted = Float64Array.from(numbers).sort();
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What one reading of the clock costs, and its smallest step. */
function clock() {
    const READINGS = 1000;
    const costs = [];
    let step = Infinity;
    for (let repetition = 0; repetition < 50; repetition++) {
        const start = now();
        for (let reading = 0; reading < READINGS; reading++) now();
        costs.push((now() - start) / READINGS);
        let before = now();
        for (let reading = 0; reading < READINGS; reading++) {
            const after = now();
            if (after > before) step = Math.min(step, after - before);
            before = after;
        }
    }
    // The first half compiled the loops.
    return { cost_ns: rounded(median(costs.slice(25))), resolution_ns: rounded(step) };
}

// ---------------------------------------------------------------------------------------------------------------------
// Guests

const PAGE = 65536;

/** The largest region, in bytes. */
const LARGEST_REGION = 2 ** 30;

/** How far into the inbox a message is put: not on a page's start, where large allocations lie (docs/TRANSPORTS.md). */
const INSET = 2624;

const STATUSES = new Map([
    [-1n, 'malformed: the bytes are not a message of this codec'],
    [-2n, 'invalid text: a string is not UTF-8'],
    [-3n, "out of range: the message does not lie in the consumer's memory"],
    [-4n, 'limit reached: the library refused the depth, size or work of this message'],
    [-5n, 'misaligned: the message does not start at a multiple of 8'],
    [-16n, 'not prepared: produce was called before prepare and outbox'],
    [-17n, 'capacity: the region is too small or could not be allocated'],
    [-18n, 'not encoded: the library could not encode the value'],
    [-19n, 'argument: outside its range'],
]);

function describeStatus(status) {
    const meaning = STATUSES.get(status);
    return `status ${status}${meaning ? ` (${meaning})` : ", which is not in the ABI's table (docs/ABI.md)"}`;
}

/** Reads the numbers and names of a module that V8 has accepted. */
class Reader {
    constructor(bytes, position) {
        this.bytes = bytes;
        this.position = position;
    }

    byte() {
        return this.bytes[this.position++];
    }

    /** An unsigned LEB128; without shifts, which end at 32 bits. */
    number() {
        let value = 0;
        let scale = 1;
        let byte;
        do {
            byte = this.byte();
            value += (byte & 127) * scale;
            scale *= 128;
        } while (byte & 128);
        return value;
    }

    skip(length) {
        this.position += length;
    }

    limits() {
        const flags = this.byte();
        const initial = this.number();
        return { initial, maximum: flags & 1 ? this.number() : null, plain: flags < 2 };
    }
}

/** The limits of the memory that a module imports, or `null`: V8 tells of imports only their names. */
function importedMemory(bytes) {
    const reader = new Reader(bytes, 8);
    while (reader.position < bytes.length) {
        const [section, size] = [reader.byte(), reader.number()];
        if (section === 2) return memoryAmongImports(reader);
        reader.skip(size);
    }
    return null;
}

function memoryAmongImports(reader) {
    for (let left = reader.number(); left > 0; left--) {
        reader.skip(reader.number());
        reader.skip(reader.number());
        switch (reader.byte()) {
            case 0:
                reader.number();
                break;
            case 2:
                return reader.limits();
            default:
                // The ABI knows no other import.
                return null;
        }
    }
    return null;
}

const SIDES = {
    producer: {
        region: 'outbox',
        imports: ['env.memory', 'weft.send'],
        rule: 'a producer imports the memory `env.memory` and the function `weft.send` (i32, i32) -> i64',
    },
    consumer: {
        region: 'inbox',
        imports: ['env.memory'],
        rule: 'a consumer imports the memory `env.memory` and nothing else',
    },
};

/** A guest's module, compiled and checked against docs/ABI.md. */
class Guest {
    constructor(codec, side, bytes) {
        this.name = `the ${side} of \`${codec}\``;
        try {
            this.module = new WebAssembly.Module(bytes);
        } catch (error) {
            throw failed(`${this.name} is no WebAssembly module that this engine can run: ${error.message}`);
        }
        const exports = WebAssembly.Module.exports(this.module);
        this.functions = exports.filter(({ kind }) => kind === 'function').map(({ name }) => name);
        this.memory = importedMemory(bytes);
        this.checkImports(SIDES[side]);
        if (!this.has(SIDES[side].region)) throw failed(this.missing(SIDES[side].region));
    }

    checkImports({ imports, rule }) {
        const present = WebAssembly.Module.imports(this.module).map(({ module, name }) => `${module}.${name}`);
        const other = present.find((name) => !imports.includes(name));
        const bad = other ? `\`${other}\`` : 'no memory that is 32-bit and not shared';
        if (other || !this.memory?.plain) throw failed(`${this.name} imports ${bad}; by the ABI (docs/ABI.md) ${rule}`);
    }

    has(name) {
        return this.functions.includes(name);
    }

    missing(name) {
        return `${this.name} has no export \`${name}\`; its functions are: ${this.functions.join(', ')}`;
    }
}

/** A memory for guests: at least as large as each of them imports, at most as large as the round allows. */
function memoryFor(guests, { memory_bytes: limit }) {
    const initial = Math.max(...guests.map(({ memory }) => memory.initial));
    const maxima = guests.map(({ memory }) => memory.maximum ?? PAGE);
    const maximum = Math.min(...maxima, Math.floor(limit / PAGE));
    const names = guests.map(({ name }) => name).join(' and ');
    if (initial > maximum) throw failed(`${names}: the memory has ${initial} pages, but may have only ${maximum}`);
    try {
        return new WebAssembly.Memory({ initial, maximum });
    } catch (error) {
        throw failed(`${names} could not be instantiated: a memory of ${initial} pages: ${error.message}`);
    }
}

/** An instance of a guest; its calls say whose they are when they fail. */
class Instance {
    constructor(guest, memory, send) {
        this.guest = guest;
        this.memory = memory;
        try {
            this.exports = new WebAssembly.Instance(guest.module, { env: { memory }, weft: { send } }).exports;
        } catch (error) {
            if (innermost(error).length > 0) throw this.failure('start', error);
            throw failed(`${guest.name} could not be instantiated: ${error.message}`);
        }
    }

    /** What ended a call of the export. */
    failure(name, error) {
        if (error instanceof Outcome) return error;
        return failed(`${this.guest.name} trapped in \`${name}\`: ${describeTrap(error)}`);
    }

    /** What is wrong with an export whose result is no i64. */
    badType(name) {
        return failed(`${this.guest.name} exports \`${name}\` with another type than docs/ABI.md says`);
    }

    status(name, status) {
        return failed(`${this.guest.name}: \`${name}\` returned ${describeStatus(status)}`);
    }

    /** Calls an export whose result is an i64 and no status. */
    value(name, ...parameters) {
        let result;
        try {
            result = this.exports[name](...parameters);
        } catch (error) {
            throw this.failure(name, error);
        }
        if (typeof result !== 'bigint') throw this.badType(name);
        if (result < 0n) throw this.status(name, result);
        return Number(result);
    }

    /** Lets the guest allocate its region, of at least so many bytes. */
    region(name, bytes) {
        const capacity = Math.ceil(Math.max(bytes, 1) / PAGE) * PAGE;
        const start = this.value(name, capacity);
        const size = this.memory.buffer.byteLength;
        if (start === 0 || start % PAGE !== 0 || start + capacity > size) {
            const found = `\`${name}\` returned ${hexadecimal(start)} for a region of ${capacity} bytes`;
            const rule = `it must be a multiple of ${PAGE}, not 0, and end within the memory's ${size} bytes`;
            throw failed(`${this.guest.name}: ${found}; ${rule}`);
        }
        return { start, capacity };
    }
}

const hexadecimal = (number) => `0x${number.toString(16)}`;

// The whole stack says in which guest a trap happened, however deep it recursed.
Error.stackTraceLimit = Infinity;

/** The innermost wasm functions of a stack, at most three. */
function innermost(error) {
    const frames = String(error?.stack).matchAll(/^ +at (?:(.+) \()?wasm:\S*?:(wasm-function\[\d+\])/gm);
    const functions = [];
    for (const [, name, index] of frames) {
        if (functions.push(name ?? index) === 3) break;
    }
    return functions;
}

/** What V8 says of a trap, and in which functions it happened. */
function describeTrap(error) {
    const functions = innermost(error);
    return functions.length === 0 ? String(error) : `${error}, in ${functions.join(', called by ')}`;
}

/** Whether a trap happened in another module than the one that the host called. */
function happenedBeyond(error) {
    const modules = [...String(error?.stack).matchAll(/^ +at .*?(wasm:\S*):wasm-function/gm)].map(([, module]) => module);
    return modules[0] !== modules.at(-1);
}

// ---------------------------------------------------------------------------------------------------------------------
// Transports

/** A memory as bytes and as words of 8 bytes. */
class View {
    constructor(buffer) {
        this.bytes = new Uint8Array(buffer);
        this.words = new BigInt64Array(buffer);
    }

    /** A memory that grows gets a new buffer, and its views become empty. */
    get isStale() {
        return this.words.length === 0;
    }
}

/**
 * Up to this length words are copied in a loop: 9 ns for 64 bytes, 40 ns for 512. `set` takes a view that must be made
 * for each message, 45 ns for any length up to here, and then copies by `memmove`. A loop over bytes takes 64 ns for 64
 * bytes. The words are BigInts in name only: the compiled loop makes none of them, and unlike floats they keep their
 * bits.
 */
const LONGEST_BY_WORDS = 512;

/** Copies a message; both places are multiples of 8. */
function copy(from, source, to, target, length) {
    if (length > LONGEST_BY_WORDS) {
        to.bytes.set(from.bytes.subarray(source, source + length), target);
        return;
    }
    const fromWords = from.words;
    const toWords = to.words;
    const fromFirst = source >>> 3;
    const toFirst = target >>> 3;
    const words = length >>> 3;
    for (let word = 0; word < words; word++) toWords[toFirst + word] = fromWords[fromFirst + word];
    const fromBytes = from.bytes;
    const toBytes = to.bytes;
    for (let byte = words << 3; byte < length; byte++) toBytes[target + byte] = fromBytes[source + byte];
}

/** Where in the host's buffer `relay` puts a message: the lower twelve bits differ from those of outbox and inbox. */
const BUFFER_INSET = 576;

/** The outbox of a producer that has none yet: no message lies in it, not even an empty one at address 0. */
const NOWHERE = { start: -1, capacity: 0 };

/** The pair that `relay` and `direct` serve at present. */
const link = {
    name: '',
    outbox: NOWHERE,
    place: 0,
    receive: null,
    nearMemory: null,
    farMemory: null,
    near: new View(new ArrayBuffer(0)),
    far: new View(new ArrayBuffer(0)),
    buffer: new View(new ArrayBuffer(0)),
    copies: 0,
    delivered: 0,
};

/** Looks at the memories anew, and lets go of those of the last pair. */
function look() {
    link.near = new View(link.nearMemory.buffer);
    link.far = new View(link.farMemory.buffer);
}

/** Forgets the pair, so that its memories can be collected. */
function unlink() {
    const nothing = new WebAssembly.Memory({ initial: 0 });
    Object.assign(link, { name: '', outbox: NOWHERE, place: 0, receive: null, copies: 0, delivered: 0 });
    Object.assign(link, { nearMemory: nothing, farMemory: nothing, buffer: new View(new ArrayBuffer(0)) });
    look();
}

function badSend(pointer, length) {
    const { start, capacity } = link.outbox;
    const sent = `${link.name} sent ptr ${hexadecimal(pointer)}, len ${length}`;
    if (capacity === 0) return failed(`${sent}, before its outbox was known; prepare and outbox must not send`);
    const outbox = `${hexadecimal(start)} to ${hexadecimal(start + capacity)}, ${capacity} bytes`;
    return failed(`${sent}, but a message is 8-aligned and inside the outbox (${outbox})`);
}

/** Checks that a message lies in the outbox, 8-aligned, and that the views are those of today. */
function check(pointer, length) {
    const { start, capacity } = link.outbox;
    const offset = pointer - start;
    const lies = offset >= 0 && offset <= capacity && length <= capacity - offset;
    if (!lies || (pointer & 7) !== 0) throw badSend(pointer, length);
    if (link.near.isStale || link.far.isStale) look();
}

/** `weft.send` of the transport `relay`. */
function relay(signedPointer, signedLength) {
    const pointer = signedPointer >>> 0;
    const length = signedLength >>> 0;
    check(pointer, length);
    copy(link.near, pointer, link.buffer, BUFFER_INSET, length);
    copy(link.buffer, BUFFER_INSET, link.far, link.place, length);
    link.copies += 2;
    link.delivered += 1;
    return link.receive(link.place, length);
}

/** `weft.send` of the transport `direct`. */
function direct(signedPointer, signedLength) {
    const pointer = signedPointer >>> 0;
    const length = signedLength >>> 0;
    check(pointer, length);
    copy(link.near, pointer, link.far, link.place, length);
    link.copies += 1;
    link.delivered += 1;
    return link.receive(link.place, length);
}

/** The smallest module with two memories: the magic number, version 1, and a section 5 of two memories of no pages. */
const TWO_MEMORIES = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 5, 5, 2, 0, 0, 0, 0);

function whyNoAdapter() {
    return WebAssembly.validate(TWO_MEMORIES)
        ? 'this host brings no module that copies between two memories'
        : `V8 ${process.versions.v8} allows a module one memory; several came with V8 12.0, that is with Node.js 22`;
}

const NO_MAPPING = 'V8 cannot map pages of one memory into another';

const TRANSPORTS = [
    { name: 'relay', isolation: 'full', send: relay },
    { name: 'direct', isolation: 'full', send: direct },
    { name: 'adapter', isolation: 'full', unsupported: whyNoAdapter() },
    { name: 'window', isolation: 'window', unsupported: NO_MAPPING },
    { name: 'pane', isolation: 'window', unsupported: NO_MAPPING },
    { name: 'linked', isolation: 'none', send: null },
];

const TASKS = ['peek', 'scan', 'own'];
const ANSWERED = { name: 'reply', unsupported: 'what stands between the guests here brings a digest back, and no answer' };

/** A producer and a consumer, joined. At any time there is one pair that is used, the last that was made. */
class Pair {
    constructor(cell, round) {
        this.cell = cell;
        unlink();
        this.join(cell, round.limits);
        const { message, size, expected } = cell;
        const capacity = prepare(this.producer, message, size, expected.rotation, round.seed);
        const outbox = this.producer.region('outbox', capacity);
        const inbox = this.consumer.region('inbox', outbox.capacity + INSET);
        this.produceFunction = this.producer.exports[cell.produce];
        link.outbox = outbox;
        link.place = inbox.start + INSET;
        if (cell.transport.name === 'relay') link.buffer = new View(new ArrayBuffer(outbox.capacity + PAGE));
        look();
    }

    join({ producer, consumer, receive, transport }, limits) {
        const oneMemory = transport.send === null;
        const far = memoryFor(oneMemory ? [producer, consumer] : [consumer], limits);
        this.consumer = new Instance(consumer, far);
        const near = oneMemory ? far : memoryFor([producer], limits);
        const receiver = this.consumer.exports[receive];
        Object.assign(link, { name: producer.name, receive: receiver, nearMemory: near, farMemory: far });
        this.producer = new Instance(producer, near, transport.send ?? receiver);
    }

    /** Lets the producer send messages; returns the sum of their digests. */
    produce(first, count) {
        let result;
        try {
            result = this.produceFunction(first, count);
        } catch (error) {
            throw this.failure(error);
        }
        return this.accept(result);
    }

    /** The error that ended a call of `produce`: the consumer's where it happened there. */
    failure(error) {
        const { produce, receive } = this.cell;
        if (happenedBeyond(error)) return this.consumer.failure(receive, error);
        return this.producer.failure(produce, error);
    }

    /** The sum that `produce` returned, if it is one. Statuses above −16 are the consumer's, however they came. */
    accept(result) {
        const { produce, receive } = this.cell;
        if (typeof result !== 'bigint') throw this.producer.badType(produce);
        if (result >= 0n) return result;
        throw result > -16n ? this.refused(receive, result) : this.producer.status(produce, result);
    }

    /** A status of the consumer, with where the message lay that it refused for that. */
    refused(receive, status) {
        const outcome = this.consumer.status(receive, status);
        if ((status !== -3n && status !== -5n) || !this.consumer.guest.has('rejected')) return outcome;
        try {
            const packed = BigInt.asUintN(64, this.consumer.exports.rejected());
            return failed(`${outcome.message}: ptr ${hexadecimal(packed >> 32n)}, len ${packed & 0xffffffffn}`);
        } catch {
            return outcome;
        }
    }

    /** Payload copies, and crossings, since the pair was made. */
    counters() {
        const { copies, delivered } = link;
        return { copies, host_to_wasm: delivered, wasm_to_host: delivered };
    }
}

/** Lets a producer generate its messages; returns how large its outbox must be. */
function prepare(producer, message, size, messages, seed) {
    const name = `prepare_${message}`;
    const capacity = producer.value(name, size, messages, BigInt(seed));
    if (capacity <= LARGEST_REGION) return capacity;
    const asked = `${producer.guest.name}: \`${name}\` asks for ${capacity} bytes`;
    throw failed(`${asked}, which is more than a region may have (${LARGEST_REGION})`);
}

// ---------------------------------------------------------------------------------------------------------------------
// Cells

const SUM_BITS = 63;

/** What the messages of a rotation must return. */
class Expected {
    constructor(digests) {
        this.digests = digests.map((digest) => BigInt(`0x${digest}`));
        this.rotation = digests.length;
        this.sums = [0n];
        for (const digest of this.digests) this.sums.push(this.sums.at(-1) + digest);
    }

    /** The sum of `count` digests from number `first` on. */
    sum(first, count) {
        return BigInt.asUintN(SUM_BITS, this.prefix(first + count) - this.prefix(first));
    }

    prefix(count) {
        const rest = count % this.rotation;
        return this.sums.at(-1) * BigInt((count - rest) / this.rotation) + this.sums[rest];
    }
}

/** What a cell's figure names, found among what the round brought. */
function findCell(named, digests, round) {
    const { message: messageName, task, codec, transport: transportName } = named;
    const transport = TRANSPORTS.find(({ name }) => name === transportName);
    if (!transport) throw unsupported(`this host has no transport \`${transportName}\``);
    if (transport.unsupported) throw unsupported(transport.unsupported);
    if (task === ANSWERED.name) throw unsupported(ANSWERED.unsupported);
    if (!TASKS.includes(task)) throw unsupported(`this host knows no task \`${task}\``);
    const [, message, size] = /^([a-z0-9_]+)@([0-9]{1,9})$/.exec(messageName) ?? [];
    if (!message) throw unsupported(`\`${messageName}\` is no message; one is <name>@<size>`);
    const { producer, consumer } = round.guestsOf(codec);
    const [produce, receive] = [`produce_${message}`, `receive_${message}_${task}`];
    if (producer.has(`supply_${message}`) && !producer.has(`prepare_${message}`)) {
        throw unsupported(`${producer.name} has no \`prepare_${message}\`, and this host hands no values over (docs/ABI.md)`);
    }
    for (const [guest, name] of [[producer, `prepare_${message}`], [producer, produce], [consumer, receive]]) {
        if (!guest.has(name)) throw unsupported(guest.missing(name));
    }
    const expected = round.digests[digests];
    if (!expected) throw failed('the item names no list of `digests`, so that nothing could be compared');
    return { message, size: Number(size), producer, consumer, produce, receive, transport, expected };
}

const shown = (digest) => `0x${digest.toString(16).padStart(16, '0')}`;

/** Sends every message of a cell, compares every digest, and counts. */
function verify(cell, round) {
    const { expected } = cell;
    const { rotation } = expected;
    const pair = new Pair(cell, round);
    for (const [index, digest] of expected.digests.entries()) {
        const found = pair.produce(index, 1);
        if (found === digest) continue;
        throw wrong(`message ${index} of ${rotation}: the digest is ${shown(found)}, but must be ${shown(digest)}`);
    }
    const before = pair.counters();
    compareSum(pair.produce(0, rotation), expected, 0, rotation);
    const after = pair.counters();
    const each = (name) => perMessage(name, after[name] - before[name], rotation);
    const crossings = {
        host_to_wasm: each('host_to_wasm'),
        wasm_to_host: each('wasm_to_host'),
        // Under `linked` nobody stands between the guests who could count: a crossing is a digest that came back.
        wasm_to_wasm: cell.transport.send === null ? 1 : 0,
    };
    return { wire_bytes: wireBytes(cell, round), copies: each('copies'), crossings };
}

function perMessage(what, total, messages) {
    if (total % messages === 0) return total / messages;
    throw wrong(`the counters are uneven: ${total} ${what} in ${messages} messages`);
}

function compareSum(found, expected, first, count) {
    const sum = expected.sum(first, count);
    if (found === sum) return;
    const sums = `the digests sum to ${shown(found)}, but must to ${shown(sum)}`;
    throw wrong(`${count} messages from number ${first} on: ${sums}`);
}

/** The mean length of a rotation's messages, from a producer whose `send` returns at once. */
function wireBytes({ producer: guest, message, size, produce, expected: { rotation } }, round) {
    let total = 0;
    const add = (_, length) => {
        total += length >>> 0;
        return 0n;
    };
    const producer = new Instance(guest, memoryFor([guest], round.limits), add);
    producer.region('outbox', prepare(producer, message, size, rotation, round.seed));
    total = 0;
    producer.value(produce, 0, rotation);
    return total / rotation;
}

/** A cell as something to time: a fresh pair, every sum checked. */
class Exchange {
    constructor(cell, round) {
        this.expected = cell.expected;
        this.rotation = cell.expected.rotation;
        this.pair = new Pair(cell, round);
        this.next = 0;
    }

    /** How long so many messages take, in nanoseconds. */
    time(count) {
        const { pair, next } = this;
        const start = now();
        const found = pair.produce(next, count);
        const elapsed = now() - start;
        compareSum(found, this.expected, next, count);
        this.next = (next + count) % this.rotation;
        return elapsed;
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Bare calls

const FUNCTION = 0x60;
const I32 = 0x7f;
const I64 = 0x7e;
const END = 0x0b;
const sized = (...bytes) => [bytes.length, ...bytes];
const section = (number, ...bytes) => [number, ...sized(...bytes)];
const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const module = (...sections) => new WebAssembly.Module(Uint8Array.of(...HEADER, ...sections.flat()));

/**
 * (func (export "f") (param $a i32) (param $b i32) (result i64)
 *   (i64.extend_i32_u (i32.add (local.get $a) (local.get $b))))
 */
const CALLEE = module(
    section(1, 1, FUNCTION, 2, I32, I32, 1, I64),
    section(3, 1, 0),
    section(7, 1, ...sized(0x66), 0, 0),
    section(10, 1, ...sized(0, 0x20, 0, 0x20, 1, 0x6a, 0xad, END)),
);

/**
 * (import "" "f" (func $f (param i32 i32) (result i64)))
 * (func (export "run") (param $n i32) (param $a i32) (param $b i32) (result i64) (local $sum i64)
 *   (loop $again
 *     (local.set $sum (i64.add (local.get $sum) (call $f (local.get $a) (local.get $b))))
 *     (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
 *   (local.get $sum))
 */
const LOOP = module(
    section(1, 2, FUNCTION, 2, I32, I32, 1, I64, FUNCTION, 3, I32, I32, I32, 1, I64),
    section(2, 1, ...sized(), ...sized(0x66), 0, 0),
    section(3, 1, 1),
    section(7, 1, ...sized(0x72, 0x75, 0x6e), 0, 1),
    section(
        10,
        1,
        ...sized(
            ...[1, 1, I64, 0x03, 0x40],
            ...[0x20, 3, 0x20, 1, 0x20, 2, 0x10, 0, 0x7c, 0x21, 3],
            ...[0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, END],
            ...[0x20, 3, END],
        ),
    ),
);

const callee = () => new WebAssembly.Instance(CALLEE).exports.f;
const loopOver = (f) => new WebAssembly.Instance(LOOP, { '': { f } }).exports.run;

function addInHost(a, b) {
    return BigInt((a + b) >>> 0);
}

function callFromHost(f, count, a, b) {
    let sum = 0n;
    for (let left = count; left > 0; left--) sum = BigInt.asUintN(64, sum + f(a, b));
    return sum;
}

/** What runs a number of bare calls of a function that adds; each on fresh instances. */
const CROSSINGS = new Map([
    [
        'host_to_wasm',
        () => {
            const f = callee();
            return (count, a, b) => callFromHost(f, count, a, b);
        },
    ],
    ['wasm_to_host', () => loopOver(addInHost)],
    ['wasm_to_wasm', () => loopOver(callee())],
]);

/** Bare calls as something to time. */
class Crossing {
    constructor(name) {
        const make = CROSSINGS.get(name);
        if (!make) throw unsupported(`of \`boundary\` this host measures ${[...CROSSINGS.keys()].join(', ')}`);
        this.rotation = 64;
        this.run = make();
    }

    time(count) {
        const start = now();
        const sum = this.run(count, 35, 7);
        const elapsed = now() - start;
        if (sum !== BigInt(count) * 42n) throw wrong(`${count} bare calls sum to ${sum}, but must to ${count} × 42`);
        return elapsed;
    }
}

/** For how long the functions between host and guests are brought to their final speed, in nanoseconds. */
const SETTLING = 60e6;

/**
 * Lets V8 compile `relay`, `direct` and the loop over calls from the host as they will be: for short and long messages,
 * for memories that grow, and for more consumers than it tells from each other.
 */
function settle() {
    const end = now() + SETTLING;
    while (now() < end) {
        const f = callee();
        const outbox = { start: PAGE, capacity: PAGE };
        const buffer = new View(new ArrayBuffer(2 * PAGE));
        const [nearMemory, farMemory] = [2, 2].map((initial) => new WebAssembly.Memory({ initial }));
        Object.assign(link, { outbox, buffer, nearMemory, farMemory, place: PAGE + INSET, receive: f });
        for (const run of [loopOver(relay), loopOver(direct)]) {
            look();
            for (const length of [64, 61, LONGEST_BY_WORDS, 0, LONGEST_BY_WORDS + 8]) run(200, PAGE + 8, length);
            nearMemory.grow(1);
            run(200, PAGE + 8, 64);
            farMemory.grow(1);
            run(200, PAGE + 8, 64);
        }
        callFromHost(f, 1000, 35, 7);
    }
    unlink();
}

// ---------------------------------------------------------------------------------------------------------------------
// Measuring: the rules are those of docs/HOSTS.md, *Measuring*; times are in nanoseconds

/** So much longer than at its best the yardstick may take. */
const TOLERANCE = 1.08;

/** By how much the best is forgotten each time, so that a core whose frequency falls is calm again after a while. */
const FORGETTING = 1 + 1e-7;

const FIRST_TOUCH = 5e6;
const WARM_UP = 750e3;
const MOST_ITERATIONS = 2 ** 30;
const SAMPLE = 25e3;
const SLOW = 5e6;
const MOST_YARDSTICKS = 8;
const IN_A_ROW = 5;
const ENOUGH = 2e6;
const PATIENCE = 25e6;
const ROTATIONS = 3;
const SINGLES_PATIENCE = 8e6;

/** The collections of garbage that V8 told of, as `[start, end]`. */
const collections = [];

new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
        collections.push([startTime * 1e6, (startTime + duration) * 1e6]);
    }
}).observe({ entryTypes: ['gc'] });

/** Lets what came meanwhile be told of, the end of the input and collections: Node.js does that between immediates. */
async function turn() {
    for (let times = 0; times < 3; times++) await new Promise(setImmediate);
}

/** Whether something else uses the core right now: a fixed piece of work, timed against its own best. */
class Yardstick {
    constructor(work, best) {
        this.work = work;
        this.best = best ?? Infinity;
        this.discarded = 0;
        for (let times = best === null ? 2000 : 20; times > 0; times--) this.isCalm(1);
    }

    /** Whether the core is calm so many times in a row. */
    isCalm(times) {
        for (let left = times; left > 0; left--) {
            const start = now();
            this.work();
            const elapsed = now() - start;
            this.best = Math.min(this.best * FORGETTING, elapsed);
            if (elapsed > this.best * TOLERANCE) return false;
        }
        return true;
    }
}

/**
 * Into parts of how many messages a rotation is cut so that one has about as many as wanted: a divisor of the rotation where
 * one is within a factor of two. Otherwise parts overlap.
 */
function part(rotation, wanted) {
    const factor = (other) => Math.abs(Math.log(other / wanted));
    let nearest = 1;
    for (let divisor = 2; divisor <= rotation; divisor++) {
        if (rotation % divisor === 0 && factor(divisor) < factor(nearest)) nearest = divisor;
    }
    return factor(nearest) <= Math.log(2) || wanted < 1 ? nearest : Math.round(wanted);
}

function commonDivisor(a, b) {
    return b === 0 ? a : commonDivisor(b, a % b);
}

/**
 * How samples are taken of what takes about so many nanoseconds: how many iterations each has, and how many go once
 * through all messages, each beginning at another one.
 */
function scheduled(about, rotation) {
    const fit = SAMPLE / about;
    const rotations = Math.round(fit / rotation);
    const iterations = rotations > 0 ? rotations * rotation : part(rotation, fit);
    const places = rotations > 0 ? 1 : rotation / commonDivisor(rotation, iterations);
    return { iterations, places, elapsed: about * iterations, slow: about >= SLOW };
}

/** The samples of a reading, each as `{ place, start, time }`. */
class Samples {
    constructor(schedule) {
        this.schedule = schedule;
        this.all = [];
        this.calm = [];
        this.calmTime = 0;
        this.calmPlaces = new Set();
        /** Those of the present calm that do not count yet, and how many it has had. */
        this.waiting = [];
        this.row = 0;
    }

    push(sample, calm) {
        this.all.push(sample);
        if (!calm) {
            this.waiting = [];
            this.row = 0;
            return;
        }
        this.waiting.push(sample);
        if (++this.row < IN_A_ROW) return;
        for (const waiting of this.waiting) {
            this.calm.push(waiting);
            this.calmTime += waiting.time;
            this.calmPlaces.add(waiting.place);
        }
        this.waiting = [];
    }

    /** How many samples are taken at least, calm or not. */
    get fewest() {
        return Math.max(IN_A_ROW, this.schedule.places);
    }

    get isEnough() {
        if (this.schedule.slow) return this.all.length >= this.fewest;
        return this.calmTime >= ENOUGH && this.calmPlaces.size === this.schedule.places;
    }

    /** The time of an iteration: the mean over places of the median of those that count, without those that a collection fell into. */
    get time() {
        const counting = this.isEnough && !this.schedule.slow ? this.calm : this.all;
        const isClean = ({ start, time }) => !collections.some(([from, to]) => from < start + time && start < to);
        const places = new Map();
        for (const sample of counting) {
            if (!places.has(sample.place)) places.set(sample.place, []);
            places.get(sample.place).push(sample);
        }
        const medians = [...places.values()].map((samples) => {
            const clean = samples.filter(isClean);
            return median((clean.length > 0 ? clean : samples).map(({ time }) => time));
        });
        return medians.reduce((sum, time) => sum + time, 0) / medians.length / this.schedule.iterations;
    }
}

/** Warms a pair up that has had one iteration; returns about what an iteration takes. */
function warmUp(subject, first) {
    let touched = first;
    for (let times = 1; times < subject.rotation && touched < FIRST_TOUCH; times++) touched += subject.time(1);
    for (let iterations = 1, warmed = 0; ; iterations *= 2) {
        const elapsed = subject.time(iterations);
        warmed += elapsed;
        if (warmed >= WARM_UP || iterations >= MOST_ITERATIONS) return elapsed / iterations;
    }
}

/** Takes samples until there are enough calm ones, or patience ends. */
function takeSamples(subject, schedule, yardstick) {
    const samples = new Samples(schedule);
    const yardsticks = Math.min(Math.max(Math.floor(schedule.elapsed / SAMPLE), 1), MOST_YARDSTICKS);
    const once = schedule.places * (schedule.elapsed + yardsticks * yardstick.best);
    const patience = Math.max(PATIENCE, ROTATIONS * once);
    const isCalm = () => schedule.slow || yardstick.isCalm(yardsticks);
    const start = now();
    let calmBefore = isCalm();
    while (!samples.isEnough && (samples.all.length < samples.fewest || now() - start < patience)) {
        const place = samples.all.length % schedule.places;
        const sample = { place, start: now(), time: subject.time(schedule.iterations) };
        const calmAfter = isCalm();
        samples.push(sample, calmBefore && calmAfter);
        yardstick.discarded += sample.time;
        calmBefore = calmAfter;
    }
    yardstick.discarded -= samples.calmTime;
    return samples;
}

/** Times of single messages: how often each was seen, in whole nanoseconds. */
function takeSingles(subject, most) {
    const counts = new Map();
    const start = now();
    for (let left = most; left > 0 && now() - start < SINGLES_PATIENCE; left--) {
        const time = Math.round(subject.time(1));
        counts.set(time, (counts.get(time) ?? 0) + 1);
    }
    return [...counts].sort(([left], [right]) => left - right);
}

/** A reading of a subject that has run nothing yet. */
async function measure(subject, singles, yardstick) {
    const first = subject.time(1);
    const about = Math.max(warmUp(subject, first), 0.1);
    const samples = takeSamples(subject, scheduled(about, subject.rotation), yardstick);
    await turn();
    return { ns: samples.time, calm: samples.isEnough, first_ns: rounded(first), singles: takeSingles(subject, singles) };
}

// ---------------------------------------------------------------------------------------------------------------------
// Rounds

const PURPOSES = ['verify', 'measure'];
const FIGURES = ['cell', 'boundary'];

function readFile({ path, sha256 }) {
    let bytes;
    try {
        bytes = readFileSync(path);
    } catch (error) {
        throw new BadRequest(`${path} cannot be read: ${error.message}`);
    }
    const found = createHash('sha256').update(bytes).digest('hex');
    demand(found === sha256, `${path} has the SHA-256 ${found}, but the round says ${sha256}; build it again`);
    return bytes;
}

/** How much stack this process has, in bytes: V8 takes it at its start only. */
function stackBytes() {
    const option = process.execArgv.findLast((argument) => /^--stack[-_]size=/.test(argument));
    return 1024 * Number(option?.split('=')[1] ?? 984);
}

function applyLimits({ memory_bytes, table_elements, stack_bytes }) {
    const given = [memory_bytes, table_elements, stack_bytes];
    demand(given.every((limit) => limit > 0), 'the round has no `limits`, or one that is no number above 0');
    const stack = stackBytes();
    const option = `--stack-size=${Math.floor(stack_bytes / 1024)}`;
    demand(stack_bytes >= stack, `the stack of this process is ${stack} bytes; start it with ${option}`);
    setFlagsFromString(`--wasm-max-table-size=${Math.min(table_elements, 1e7)}`);
}

function startYardstick(bytes, best) {
    try {
        const { work } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
        return new Yardstick(work, best);
    } catch (error) {
        throw new BadRequest(`the yardstick does not run: ${error.message}`);
    }
}

const isDigests = (list) => list.length > 0 && list.every((digest) => /^[0-9a-f]{16}$/i.test(digest));

/** A round whose files are there; guests are compiled when they are first asked for. */
class Round {
    constructor({ purpose, seed, yardstick, limits, guests, digests, items }) {
        demand(typeof purpose === 'string', 'the round has no `purpose`');
        demand(Number.isSafeInteger(seed) && seed >= 0, 'the round has no `seed` below 2^53');
        demand([guests, digests, items].every(Array.isArray), '`guests`, `digests` and `items` must be lists');
        demand(digests.every(isDigests), 'a digest is 16 hexadecimal digits, and a list of them is not empty');
        applyLimits(limits ?? {});
        Object.assign(this, { purpose, seed, limits, items, digests: digests.map((list) => new Expected(list)) });
        this.files = new Map(guests.map((guest) => [guest.name, readGuest(guest)]));
        this.compiled = new Map();
        this.best = yardstick?.best_ns ?? null;
        const work = yardstick ? readFile(yardstick.wasm) : null;
        if (purpose !== 'measure') return;
        demand(work, 'a round that measures needs a `yardstick`');
        settle();
        this.yardstick = startYardstick(work, this.best);
    }

    /** Both guests of a codec. */
    guestsOf(codec) {
        const files = this.files.get(codec);
        if (!files) throw unsupported(`the round brings no guests of \`${codec}\``);
        if (!files.consumer) throw unsupported(`\`${codec}\` has no consumer`);
        if (!this.compiled.has(codec)) {
            const guest = (side) => new Guest(codec, side, files[side]);
            this.compiled.set(codec, { producer: guest('producer'), consumer: guest('consumer') });
        }
        return this.compiled.get(codec);
    }
}

function readGuest({ producer, consumer }) {
    return { producer: readFile(producer), consumer: consumer ? readFile(consumer) : null };
}

/** Does an item; returns what the reply says beside its number. */
async function doItem({ figure, digests, singles }, round) {
    const { purpose } = round;
    if (!PURPOSES.includes(purpose)) throw unsupported(`this host does not know the purpose \`${purpose}\``);
    const { cell, boundary } = figure;
    if (cell) {
        const found = findCell(cell, digests, round);
        if (purpose === 'verify') return { verified: verify(found, round) };
        return { reading: await measure(new Exchange(found, round), singles ?? 0, round.yardstick) };
    }
    if (!boundary) throw unsupported(`of the figures this host knows ${FIGURES.join(' and ')}`);
    if (purpose === 'verify') throw unsupported('a bare call has nothing to verify');
    return { reading: await measure(new Crossing(boundary), singles ?? 0, round.yardstick) };
}

/** Does an item and replies to it. */
async function answer(item, index, round) {
    reply({ begin: { item: index } });
    try {
        const [[key, value]] = Object.entries(await doItem(item, round));
        reply({ [key]: { item: index, ...value } });
    } catch (error) {
        const { kind, message } = error instanceof Outcome ? error : failed(`the host itself: ${error?.stack}`);
        reply({ [kind]: { item: index, reason: message } });
    }
}

async function doRound(request) {
    const round = new Round(request);
    for (const [index, item] of round.items.entries()) {
        unlink();
        globalThis.gc?.();
        await turn();
        collections.length = 0;
        await answer(item, index, round);
        await turn();
        if (input.ended) return;
    }
    const { best, discarded } = round.yardstick ?? { best: round.best, discarded: 0 };
    reply({ end: { best_ns: best, discarded_s: discarded / 1e9 } });
}

// ---------------------------------------------------------------------------------------------------------------------
// The conversation

/** What came and was not read yet: whole lines, and the beginning of the next. */
const input = { lines: [], beginning: [], ended: false, wake: () => {} };

function listen() {
    process.stdin.setEncoding('utf8');
    process.stdin.on('data', (chunk) => {
        const parts = chunk.split('\n');
        input.beginning.push(parts.shift());
        for (const part of parts) {
            input.lines.push(input.beginning.join(''));
            input.beginning = [part];
        }
        input.wake();
    });
    const end = () => {
        input.ended = true;
        input.wake();
    };
    process.stdin.on('end', end).on('error', end);
}

/** The next line, or `null` where there will be none. */
async function nextLine() {
    while (input.lines.length === 0 && !input.ended) {
        await new Promise((resolve) => {
            input.wake = resolve;
        });
    }
    return input.lines.shift() ?? null;
}

function parse(line) {
    let request;
    try {
        request = JSON.parse(line);
    } catch (error) {
        throw new BadRequest(`this is no JSON: ${error.message}`);
    }
    const round = request?.round;
    const isObject = typeof round === 'object' && round !== null;
    demand(isObject, 'this is no request; the only one is an object with the key `round`');
    return round;
}

function greet() {
    const settings = [...process.execArgv, ...FLAGS].join(' ');
    const engine = { name: 'V8', version: process.versions.v8, settings, features: [] };
    const transports = TRANSPORTS.map(({ send, ...told }) => told);
    const tasks = [...TASKS.map((name) => ({ name })), ANSWERED];
    const guests = 'wasm';
    const what = { guests, transports, tasks, purposes: PURPOSES, figures: FIGURES, clock: clock() };
    reply({ greeting: { protocol: PROTOCOL, name: 'node', engine, ...what } });
}

/**
 * Ends this process when its harness is gone. A guest that never returns keeps the main thread from noticing that the
 * input has ended, so a thread of its own looks at the parent, twice a second.
 */
function endWithHarness() {
    const watch = `
        const { workerData } = require('node:worker_threads');
        const look = () => process.ppid === workerData || process.kill(process.pid, 'SIGKILL');
        setInterval(look, 500);`;
    new Worker(watch, { eval: true, workerData: process.ppid, stdin: false }).unref();
}

async function main() {
    greet();
    listen();
    endWithHarness();
    for (let line = await nextLine(); line !== null; line = await nextLine()) {
        try {
            await doRound(parse(line));
        } catch (error) {
            const reason = error instanceof BadRequest ? error.message : `the round cannot be done: ${error.stack}`;
            reply({ error: { reason } });
        }
    }
    process.exit(0);
}

await main();
