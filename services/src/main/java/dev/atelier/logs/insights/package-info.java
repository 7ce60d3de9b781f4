/** The query language of CloudWatch Logs Insights: read, and applied to rows. Knows neither wire nor storage. */
package dev.atelier.logs.insights;
