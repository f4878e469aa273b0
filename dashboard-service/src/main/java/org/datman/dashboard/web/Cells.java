package org.datman.dashboard.web;

/** Cells of tables for download. */
public final class Cells {

    private Cells() {}

    /** A cell that no spreadsheet evaluates as a formula. */
    public static String text(String text) {
        return !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
