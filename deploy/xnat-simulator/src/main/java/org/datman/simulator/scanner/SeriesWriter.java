package org.datman.simulator.scanner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.datman.synthetic.Grid;

/** Writes one series, volume by volume; holds one volume at a time. */
final class SeriesWriter {
    private static final String NOT_DICOM = "Physiological recording of the scanner. This file is not DICOM.\n";

    private final SeriesPlan plan;
    private final Frames frames;
    private final VendorHeader vendor;
    private final Path folder;
    private int file;

    private SeriesWriter(SeriesPlan plan, Path folder) {
        this.plan = plan;
        this.frames = Frames.of(plan);
        this.vendor = VendorHeader.of(plan, frames);
        this.folder = folder;
    }

    /** Writes all files of a series into an existing empty folder. */
    static void write(SeriesPlan plan, Path folder) throws IOException {
        if (plan.noDicom()) {
            Files.writeString(folder.resolve("physio.log"), NOT_DICOM);
            return;
        }
        new SeriesWriter(plan, folder).write();
    }

    private void write() throws IOException {
        Header series = CommonHeader.series(plan);
        vendor.series(series);
        CommonHeader.override(series, plan);
        for (int f = 0; f < frames.count(); f++) {
            Header header = series.copy();
            vendor.frame(header, f);
            CommonHeader.override(header, plan);
            float[] volume = frames.volume(f);
            if (vendor.mosaic()) {
                writeMosaic(header, f, volume);
            } else {
                for (int k = 0; k < frames.grid(f).nz(); k++) {
                    writeSlice(header.copy(), f, k, volume);
                }
            }
        }
    }

    private void writeMosaic(Header h, int f, float[] volume) throws IOException {
        Grid grid = frames.grid(f);
        SliceGeometry geometry = new SliceGeometry(grid);
        int tiles = (int) Math.ceil(Math.sqrt(grid.nz()));
        int width = tiles * grid.nx();
        short[] pixels = new short[width * tiles * grid.ny()];
        for (int k = 0; k < grid.nz(); k++) {
            int at = k / tiles * grid.ny() * width + k % tiles * grid.nx();
            geometry.slice(volume, k, vendor.storedMax(), pixels, at, width);
        }
        position(h, geometry, geometry.mosaicPosition(tiles), geometry.location(0));
        vendor.slice(h, f, 0);
        store(h, vendor.instance(f, 0), pixels);
    }

    private void writeSlice(Header h, int f, int k, float[] volume) throws IOException {
        Grid grid = frames.grid(f);
        SliceGeometry geometry = new SliceGeometry(grid);
        short[] pixels = new short[grid.sliceVoxels()];
        geometry.slice(volume, k, vendor.storedMax(), pixels, 0, grid.nx());
        position(h, geometry, geometry.position(k), geometry.location(k));
        vendor.slice(h, f, k);
        store(h, vendor.instance(f, k), pixels);
    }

    private static void position(Header h, SliceGeometry geometry, double[] position, double location) {
        h.ds(0x00200032, position)
                .ds(0x00200037, geometry.orientation())
                .ds(0x00201041, location)
                .ds(0x00280030, geometry.grid().dy(), geometry.grid().dx());
    }

    private void store(Header h, int instance, short[] pixels) throws IOException {
        int largest = 0;
        for (short pixel : pixels) {
            largest = Math.max(largest, pixel);
        }
        String uid = plan.instanceUid(instance);
        h.ui(0x00080018, uid)
                .is(0x00200013, instance)
                .us(0x00280106, 0)
                .us(0x00280107, largest)
                .ds(0x00281050, largest / 2.0)
                .ds(0x00281051, largest);
        Path target = folder.resolve(String.format(Locale.ROOT, "%05d.dcm", instance));
        h.write(target, pixels);
        if (++file == plan.corruptFile()) {
            // Like a broken transfer: the preamble is intact, the rest is not.
            byte[] bytes = Files.readAllBytes(target);
            Arrays.fill(bytes, 132, bytes.length, (byte) 0xA5);
            Files.write(target, bytes);
        }
    }
}
