/** The decoder, served by ourselves. Loaded when somebody scans, and kept for work without a signal. */

import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

prepareZXingModule({
  overrides: {
    locateFile: (name: string, prefix: string) => (name.endsWith(".wasm") ? wasm : prefix + name),
  },
});

const FORMATS = [
  "qr_code",
  "code_128",
  "code_39",
  "code_93",
  "codabar",
  "ean_13",
  "itf",
  "data_matrix",
] as const;

let detector: BarcodeDetector | undefined;

/** The texts of all codes in a picture; none when there are none. */
export async function codesIn(picture: ImageData | Blob): Promise<string[]> {
  detector ??= new BarcodeDetector({ formats: [...FORMATS] });
  return (await detector.detect(picture)).map(found => found.rawValue).filter(Boolean);
}
