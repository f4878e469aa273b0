package org.datman.plots.picture;

import java.util.Locale;
import java.util.Map;

/** A 5 x 7 bitmap font for stamps on rasters: the same pixels on every machine, with no font installed. */
final class TinyFont {

    static final int WIDTH = 6;
    static final int HEIGHT = 8;

    private static final String UNKNOWN = "0e110102040004";

    /** Rows of a glyph from top to bottom, two hexadecimal digits each, five bits used. */
    private static final Map<Character, String> GLYPHS = Map.ofEntries(
            Map.entry('0', "0e11131519110e"),
            Map.entry('1', "040c040404040e"),
            Map.entry('2', "0e11010204081f"),
            Map.entry('3', "1f02040201110e"),
            Map.entry('4', "02060a121f0202"),
            Map.entry('5', "1f101e0101110e"),
            Map.entry('6', "0608101e11110e"),
            Map.entry('7', "1f010204080808"),
            Map.entry('8', "0e11110e11110e"),
            Map.entry('9', "0e11110f01020c"),
            Map.entry('A', "0e11111f111111"),
            Map.entry('B', "1e11111e11111e"),
            Map.entry('C', "0e11101010110e"),
            Map.entry('D', "1c12111111121c"),
            Map.entry('E', "1f10101e10101f"),
            Map.entry('F', "1f10101e101010"),
            Map.entry('G', "0e11101711110f"),
            Map.entry('H', "1111111f111111"),
            Map.entry('I', "0e04040404040e"),
            Map.entry('J', "0702020202120c"),
            Map.entry('K', "11121418141211"),
            Map.entry('L', "1010101010101f"),
            Map.entry('M', "111b1515111111"),
            Map.entry('N', "11111915131111"),
            Map.entry('O', "0e11111111110e"),
            Map.entry('P', "1e11111e101010"),
            Map.entry('Q', "0e11111115120d"),
            Map.entry('R', "1e11111e141211"),
            Map.entry('S', "0f10100e01011e"),
            Map.entry('T', "1f040404040404"),
            Map.entry('U', "1111111111110e"),
            Map.entry('V', "11111111110a04"),
            Map.entry('W', "11111115151b11"),
            Map.entry('X', "11110a040a1111"),
            Map.entry('Y', "11110a04040404"),
            Map.entry('Z', "1f01020408101f"),
            Map.entry('.', "00000000000c0c"),
            Map.entry(',', "000000000c0408"),
            Map.entry('-', "0000001f000000"),
            Map.entry('−', "0000001f000000"),
            Map.entry('+', "0004041f040400"),
            Map.entry(':', "000c0c000c0c00"),
            Map.entry('/', "01010204081010"),
            Map.entry('=', "00001f001f0000"),
            Map.entry('_', "0000000000001f"),
            Map.entry('%', "18190204081303"),
            Map.entry('(', "02040808080402"),
            Map.entry(')', "08040202020408"),
            Map.entry('[', "0e08080808080e"),
            Map.entry(']', "0e02020202020e"),
            Map.entry('<', "02040810080402"),
            Map.entry('>', "08040201020408"),
            Map.entry('*', "000a041f040a00"),
            Map.entry('?', UNKNOWN));

    private TinyFont() {}

    /** Draws upper-case text with its top left corner at (x, y); unknown characters become a question mark. */
    static void draw(Raster raster, int x, int y, String text, int rgb) {
        int at = x;
        for (char c : text.toUpperCase(Locale.ROOT).toCharArray()) {
            if (c != ' ') {
                glyph(raster, at, y, GLYPHS.getOrDefault(c, UNKNOWN), rgb);
            }
            at += WIDTH;
        }
    }

    /** As {@link #draw}, with a rim of another colour, so that it can be read on anything. */
    static void drawOutlined(Raster raster, int x, int y, String text, int rgb, int rim) {
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                if (dx != 0 || dy != 0) {
                    draw(raster, x + dx, y + dy, text, rim);
                }
            }
        }
        draw(raster, x, y, text, rgb);
    }

    /** Width of a text in pixels. */
    static int width(String text) {
        return text.length() * WIDTH;
    }

    private static void glyph(Raster raster, int x, int y, String rows, int rgb) {
        for (int r = 0; r < 7; r++) {
            int bits = Integer.parseInt(rows.substring(2 * r, 2 * r + 2), 16);
            for (int c = 0; c < 5; c++) {
                if ((bits >> (4 - c) & 1) == 1) {
                    raster.set(x + c, y + r, rgb);
                }
            }
        }
    }
}
