/** The sound of somebody who waits: two plucked notes, made on the spot. */

const NOTES_HZ = [523.25, 783.99];
const BETWEEN_S = 0.13;
const DECAY_S = 0.5;
const EVERY_MS = 3_000;

let context: AudioContext | undefined;
let last_ms = Number.NEGATIVE_INFINITY;

/** Plays the sound, at most every three seconds; silent where the browser cannot or may not. */
export function ring(now_ms = performance.now()): void {
  if (now_ms - last_ms < EVERY_MS || typeof AudioContext === "undefined") return;
  last_ms = now_ms;
  context ??= new AudioContext();
  const { currentTime } = context;
  NOTES_HZ.forEach((hz, index) => {
    if (context) pluck(context, hz, currentTime + index * BETWEEN_S);
  });
}

function pluck(audio: AudioContext, hz: number, at: number): void {
  const tone = new OscillatorNode(audio, { type: "triangle", frequency: hz });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0.16, at);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + DECAY_S);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + DECAY_S);
}
