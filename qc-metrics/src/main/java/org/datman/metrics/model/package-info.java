/** What a measurement collects until its report is made, and why a series cannot be measured. */
package org.datman.metrics.model;
