package org.datman.simulator.scanner;

/** How one vendor writes a series. */
interface VendorHeader {
    /** All slices of a volume in one image. */
    default boolean mosaic() {
        return false;
    }

    /** Largest pixel value that is stored. */
    int storedMax();

    /** Adds attributes common to all files of the series. */
    void series(Header h);

    /** Adds attributes common to all files of one volume. */
    void frame(Header h, int frame);

    /** Adds attributes of one slice of a volume. */
    void slice(Header h, int frame, int slice);

    /** InstanceNumber of a slice, from 1. */
    int instance(int frame, int slice);

    static VendorHeader of(SeriesPlan plan, Frames frames) {
        return switch (plan.scanner().vendor()) {
            case SIEMENS -> new SiemensHeader(plan, frames);
            case GE -> new GeHeader(plan, frames);
            case PHILIPS -> new PhilipsHeader(plan, frames);
        };
    }
}
