package org.datman.plots.picture;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** A picture in pixels. */
final class Raster {

    /** No colour: a pixel that stays as it is. */
    static final int CLEAR = -1;

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    /** Files are larger by some hundredths than those of the library's writer; higher levels save a tenth and take twice as long. */
    private static final int LEVEL = 3;

    private static final int EIGHT_BITS = 8;
    private static final int GREY = 0;
    private static final int TRUE_COLOUR = 2;

    final int width;
    final int height;
    private final int[] rgb;
    private boolean coloured;

    Raster(int width, int height, int background) {
        this.width = width;
        this.height = height;
        this.rgb = new int[Math.multiplyExact(width, height)];
        Arrays.fill(rgb, background);
        this.coloured = !grey(background);
    }

    /** Sets a pixel; no effect outside the picture, so that labels may be clipped. */
    void set(int x, int y, int colour) {
        if (x >= 0 && y >= 0 && x < width && y < height) {
            rgb[y * width + x] = colour;
            coloured |= !grey(colour);
        }
    }

    /** Sets pixels from left to right except those that are {@link #CLEAR}; pixels outside the picture are clipped. */
    void row(int x, int y, int[] colours) {
        if (y < 0 || y >= height) {
            return;
        }
        boolean grey = !coloured;
        for (int a = Math.max(0, -x); a < Math.min(colours.length, width - x); a++) {
            int colour = colours[a];
            if (colour != CLEAR) {
                rgb[y * width + x + a] = colour;
                grey &= grey(colour);
            }
        }
        coloured |= !grey;
    }

    void fill(int x, int y, int w, int h, int colour) {
        for (int b = y; b < y + h; b++) {
            for (int a = x; a < x + w; a++) {
                set(a, b, colour);
            }
        }
    }

    int get(int x, int y) {
        return rgb[y * width + x];
    }

    /** The border of a rectangle, one pixel wide, inside its bounds. */
    void frame(int x, int y, int w, int h, int colour) {
        fill(x, y, w, 1, colour);
        fill(x, y + h - 1, w, 1, colour);
        fill(x, y, 1, h, colour);
        fill(x + w - 1, y, 1, h, colour);
    }

    private static boolean grey(int c) {
        return (c & 0xff) == (c >> 8 & 0xff) && (c & 0xff) == (c >> 16 & 0xff);
    }

    /**
     * PNG bytes; eight-bit grey when no pixel has a colour. Rows are not filtered: ours have large pixels, text and even areas, which
     * repeat. The library's writer tries five filters on every row, one sample at a time, for as many bytes and twice the time.
     */
    byte[] png() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        try (DataOutputStream data = new DataOutputStream(out)) {
            data.write(SIGNATURE);
            ByteBuffer head = ByteBuffer.allocate(13).putInt(width).putInt(height);
            head.put((byte) EIGHT_BITS).put((byte) (coloured ? TRUE_COLOUR : GREY));
            chunk(data, "IHDR", head.array());
            chunk(data, "IDAT", deflated());
            chunk(data, "IEND", new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, byte[] content) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 check = new CRC32();
        check.update(name);
        check.update(content);
        out.writeInt(content.length);
        out.write(name);
        out.write(content);
        out.writeInt((int) check.getValue());
    }

    /** Every row behind a zero, which means that it is not filtered. */
    private byte[] deflated() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        Deflater deflater = new Deflater(LEVEL);
        try (DeflaterOutputStream stream = new DeflaterOutputStream(out, deflater, 1 << 14)) {
            byte[] line = new byte[1 + (coloured ? 3 : 1) * width];
            for (int y = 0; y < height; y++) {
                if (coloured) {
                    colours(y * width, line);
                } else {
                    for (int x = 0; x < width; x++) {
                        line[1 + x] = (byte) rgb[y * width + x];
                    }
                }
                stream.write(line);
            }
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }

    private void colours(int from, byte[] line) {
        for (int x = 0; x < width; x++) {
            int colour = rgb[from + x];
            line[1 + 3 * x] = (byte) (colour >> 16);
            line[2 + 3 * x] = (byte) (colour >> 8);
            line[3 + 3 * x] = (byte) colour;
        }
    }
}
