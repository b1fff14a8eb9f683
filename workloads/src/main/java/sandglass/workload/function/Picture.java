package sandglass.workload.function;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;

/** A colour gradient with noise as a binary PPM; expected: each pixel of the small one summed from its square. */
final class Picture {

    private static final int FACTOR = 4;
    private static final int MOST = 255;

    private Picture() {}

    static EtlCase make(long seed, int width) {
        SplittableRandom random = new SplittableRandom(seed);
        int height = Math.max(1, width * 2 / 3);
        int[][][] pixels = new int[height][width][3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int[] slopes = {x * MOST / width, y * MOST / height, (x + y) % (MOST + 1)};
                for (int c = 0; c < 3; c++) {
                    pixels[y][x][c] = Math.min(MOST, Math.max(0, slopes[c] + random.nextInt(-20, 21)));
                }
            }
        }
        int columns = width / FACTOR;
        int rows = height / FACTOR;
        int[][][] small = new int[rows][columns][3];
        for (int y = 0; y < rows * FACTOR; y++) {
            for (int x = 0; x < columns * FACTOR; x++) {
                for (int c = 0; c < 3; c++) {
                    small[y / FACTOR][x / FACTOR][c] += pixels[y][x][c];
                }
            }
        }
        for (int[][] row : small) {
            for (int[] pixel : row) {
                for (int c = 0; c < 3; c++) {
                    pixel[c] = (int) Math.floor((double) pixel[c] / (FACTOR * FACTOR) + 0.5);
                }
            }
        }
        return new EtlCase(ppm("P6 # made by seed " + seed + "\n" + width + "\n# height next\n" + height + " " + MOST
                + "\n", pixels),
                Map.of("factor", FACTOR), Map.of("width", (long) columns, "height", (long) rows),
                EtlCase.Output.exactly(ppm("P6\n" + columns + " " + rows + "\n" + MOST + "\n", small)));
    }

    private static byte[] ppm(String header, int[][][] pixels) {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        int samples = Arrays.stream(pixels).mapToInt(row -> 3 * row.length).sum();
        byte[] file = Arrays.copyOf(text, text.length + samples);
        int at = text.length;
        for (int[][] row : pixels) {
            for (int[] pixel : row) {
                for (int sample : pixel) {
                    file[at++] = (byte) sample;
                }
            }
        }
        return file;
    }
}
