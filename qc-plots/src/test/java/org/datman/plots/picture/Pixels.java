package org.datman.plots.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Reads pictures back. */
public final class Pixels {

    /** Height of a line of text in a picture, and width of the version in it. */
    public static final int TEXT_HEIGHT = TinyFont.HEIGHT;

    public static final int VERSION_WIDTH = TinyFont.width(Stamp.VERSION);

    private Pixels() {}

    public static BufferedImage of(Picture picture) throws IOException {
        return of(picture.bytes());
    }

    private static BufferedImage of(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    /** The raster inside an SVG. */
    public static BufferedImage inside(Picture svg) throws IOException {
        String text = new String(svg.bytes(), StandardCharsets.UTF_8);
        String start = "data:image/png;base64,";
        int from = text.indexOf(start) + start.length();
        return of(Base64.getDecoder().decode(text.substring(from, text.indexOf('"', from))));
    }

    public static int rgb(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 0xffffff;
    }

    /** Samples of a grey picture are read as they are stored, not through a colour space. */
    public static int grey(BufferedImage image, int x, int y) {
        return image.getRaster().getSample(x, y, 0);
    }
}
