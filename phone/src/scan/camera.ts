/** The camera as a stream of pictures to look for codes in. */

import { codesIn } from "./decode";

const WIDTH = 800;
/** Ten looks a second: more would only warm the phone. */
const EVERY_MS = 100;
/** The same code held in front of the camera is one scan; shown again after this, it is another. */
const SAME_MS = 2_500;

export interface Camera {
  stop(): void;
}

/** Throws when there is no camera or it is not allowed. */
export async function watch(video: HTMLVideoElement, seen: (text: string) => void): Promise<Camera> {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("no camera here");
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 960 } },
  });
  video.srcObject = stream;
  await video.play();
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  let on = true;
  const last = new Map<string, number>();

  const look = async () => {
    const began = performance.now();
    if (paper && video.readyState >= 2 && !document.hidden) {
      for (const text of await codesIn(pictureOf(video, canvas, paper)).catch(() => [])) {
        const before = last.get(text) ?? Number.NEGATIVE_INFINITY;
        last.set(text, began);
        if (on && began - before > SAME_MS) seen(text);
      }
    }
    if (on) setTimeout(look, Math.max(0, EVERY_MS - (performance.now() - began)));
  };
  void look();

  return {
    stop() {
      on = false;
      for (const track of stream.getTracks()) track.stop();
      video.srcObject = null;
    },
  };
}

function pictureOf(
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  paper: CanvasRenderingContext2D,
): ImageData {
  const scale = Math.min(1, WIDTH / video.videoWidth);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  paper.drawImage(video, 0, 0, canvas.width, canvas.height);
  return paper.getImageData(0, 0, canvas.width, canvas.height);
}
