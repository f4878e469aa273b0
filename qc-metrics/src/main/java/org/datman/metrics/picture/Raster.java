package org.datman.metrics.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** A picture in pixels. */
final class Raster {

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

    /** Sets a pixel; outside the picture nothing happens, so that labels may be clipped. */
    void set(int x, int y, int colour) {
        if (x >= 0 && y >= 0 && x < width && y < height) {
            rgb[y * width + x] = colour;
            coloured |= !grey(colour);
        }
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

    /** PNG bytes; eight-bit grey when no pixel has a colour. */
    byte[] png() {
        BufferedImage image =
                new BufferedImage(width, height, coloured ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY);
        if (coloured) {
            image.setRGB(0, 0, width, height, rgb, 0, width);
        } else {
            // Straight into the samples: setRGB would pass greys through a colour space and change them.
            int[] samples = new int[rgb.length];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = rgb[i] & 0xff;
            }
            image.getRaster().setPixels(0, 0, width, height, samples);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
