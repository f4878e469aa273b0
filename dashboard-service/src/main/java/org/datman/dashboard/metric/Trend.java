package org.datman.dashboard.metric;

import java.time.LocalDate;
import java.util.List;
import org.datman.metrics.trend.Alarm;

/**
 * The control charts of one metric on one scanner as an SVG in a box of {@value #WIDTH} by {@value #HEIGHT}: one piece per software
 * and coil, because each has its own history.
 *
 * @param title site and scanner
 * @param summary the number of readings, and the baseline
 * @param dots the readings
 * @param pieces the baselines, each where it applies
 * @param marks where alarms were noticed
 * @param notes changes of the scanner or the gold standard
 * @param ticks of both axes
 * @param texts of the alarms, newest first
 */
public record Trend(
        String title,
        String summary,
        List<Dot> dots,
        List<Piece> pieces,
        List<Mark> marks,
        List<Note> notes,
        List<Tick> ticks,
        List<AlarmText> alarms) {

    static final double WIDTH = 1000;
    static final double HEIGHT = 340;

    /** A reading that leads to its session; {@code style} is its class: {@code good doubtful out off}. */
    public record Dot(double x, double y, String style, String href, String title) {}

    /**
     * One history.
     *
     * @param left where it begins
     * @param width its width
     * @param learned where the readings of the baseline end
     * @param top of the limits; the height is 0 while there is no baseline
     * @param middle the median
     * @param ewma the weighted mean as the points of a polyline
     */
    public record Piece(
            double left, double width, double learned, double top, double height, double middle, String ewma) {

        /** Whether there is a baseline. */
        public boolean known() {
            return height > 0;
        }

        public double right() {
            return left + width;
        }
    }

    /** An alarm: from where the change is thought to have begun to where it was noticed. */
    public record Mark(double since, double at, double y, String rule, String words) {}

    /** A line with a label at a day. */
    public record Note(double x, double y, String words, String style) {

        /** Left end of the label, at about seven units a letter. */
        double left() {
            return anchor().equals("end") ? x - 7.0 * words.length() : x;
        }

        double right() {
            return anchor().equals("end") ? x : x + 7.0 * words.length();
        }

        /** A label at the right edge is left of its line. */
        public String anchor() {
            return x > 0.85 * WIDTH ? "end" : "start";
        }

        /** Where the line begins. */
        public double top() {
            return y + 3;
        }
    }

    /** A tick with its label. */
    public record Tick(double at, String words, boolean vertical) {

        /** The last day ends where the chart ends. */
        public String anchor() {
            return at > 0.95 * WIDTH ? "end" : "middle";
        }
    }

    /** The text of an alarm. */
    public record AlarmText(LocalDate noticed, Alarm.Rule rule, String words, String href, boolean lasts) {}
}
