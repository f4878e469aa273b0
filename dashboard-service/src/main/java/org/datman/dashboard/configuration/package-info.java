/** What a person can do about the study configuration: confirm a change that would withdraw files. */
package org.datman.dashboard.configuration;
