/** A photo made small enough to be sent; drawing it anew leaves out where and when it was taken. */

import { fromBase64 } from "../bytes";

const MOST_BYTES = 400_000;
const SIDES = [1600, 1280, 1024, 800, 640, 480];
const QUALITIES = [0.8, 0.6, 0.45];

/** base64 of a JPEG of at most 400 KB; null when the file is no picture that this browser can draw. */
export async function smallPhoto(file: Blob): Promise<string | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  try {
    for (const side of SIDES)
      for (const quality of QUALITIES) {
        const text = drawn(bitmap, side, quality);
        if (text && fromBase64(text).length <= MOST_BYTES) return text;
      }
    return null;
  } finally {
    bitmap.close();
  }
}

function drawn(bitmap: ImageBitmap, side: number, quality: number): string | null {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const paper = canvas.getContext("2d");
  if (!paper) return null;
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", quality).split(",")[1] ?? null;
}
