package org.datman.metrics.common;

import org.datman.metrics.model.Findings;
import org.datman.plots.picture.TimeSeriesPlot;
import org.datman.plots.report.TimeCourse;

/** A time course of the findings as a panel of a plot over volumes. */
public final class CoursePanel {

    private CoursePanel() {}

    /**
     * Adds a panel, if there is such a time course.
     *
     * @param limits values at which lines are drawn
     */
    public static void add(TimeSeriesPlot plot, Findings findings, String key, String label, double... limits) {
        TimeCourse course = findings.courses().get(key);
        if (course != null) {
            plot.panel(label, new String[0], new double[][] {course.values()}, limits);
        }
    }
}
