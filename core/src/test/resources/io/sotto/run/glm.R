# What R says of the rows of SummaryTest, which makes the same ones by the same formulas:
#   Rscript glm.R > glm.csv
# Columns: example, term, number, with 17 digits. Only the packages stats and, at the end, quantreg
# are used.
i <- 1:240
a <- ((37 * i) %% 101) / 10
b <- 1000 + ((53 * i) %% 97) / 7
u <- ((71 * i) %% 239) / 239
agent <- i %% 5
tight <- glm.control(epsilon = 1e-15, maxit = 100)

say <- function(example, names, numbers)
  cat(sprintf("%s,%s,%.17g\n", example, names, numbers), sep = "")

terms <- function(example, fit, covariance = summary(fit)$cov.scaled) {
  names <- names(coef(fit))
  say(example, paste0(names, ":estimate"), coef(fit))
  say(example, paste0(names, ":stdError"), sqrt(diag(covariance)))
}
summarise <- function(example, fit) {
  s <- summary(fit)
  terms(example, fit)
  say(example, paste0(names(coef(fit)), ":pValue"), s$coefficients[, 4])
  ends <- if (family(fit)$family == "gaussian")
    cbind(coef(fit) - qt(0.975, fit$df.residual) * s$coefficients[, 2],
          coef(fit) + qt(0.975, fit$df.residual) * s$coefficients[, 2])
    else confint.default(fit)
  say(example, paste0(names(coef(fit)), ":low"), ends[, 1])
  say(example, paste0(names(coef(fit)), ":high"), ends[, 2])
  say(example, "deviance", deviance(fit))
  say(example, "nullDeviance", fit$null.deviance)
  say(example, "degreesOfFreedom", fit$df.residual)
  say(example, "nullDegreesOfFreedom", fit$df.null)
  say(example, "dispersion", s$dispersion)
  say(example, "logLikelihood", as.numeric(logLik(fit)))
  say(example, "aic", AIC(fit))
}
# The sandwich, by hand: scores are those of sandwich::estfun.
sandwich <- function(fit, scores, factor = 1) {
  bread <- summary(fit)$cov.unscaled
  factor * bread %*% crossprod(scores) %*% bread
}
scores <- function(fit) model.matrix(fit) * (weights(fit, "working") * residuals(fit, "working"))
clustered <- function(fit) {
  sums <- rowsum(scores(fit), agent)
  sandwich(fit, sums, nrow(sums) / (nrow(sums) - 1))
}

y <- as.numeric(u < plogis(-141 + 0.3 * a + 0.14 * b - 0.5))
logit <- glm(y ~ a + b, binomial, control = tight)
summarise("binomial", logit)
n <- length(y)
terms("binomial-hc0", logit, sandwich(logit, scores(logit)))
terms("binomial-hc1", logit, sandwich(logit, scores(logit), n / (n - 3)))
terms("binomial-agent", logit, clustered(logit))

count <- floor(u * exp(0.25 * a)) %% 23
exposure <- log(1 + i %% 3)
summarise("poisson", glm(count ~ a + b, poisson, control = tight))
summarise("poisson-offset", glm(count ~ a + b + offset(exposure), poisson, control = tight))

z <- 3 + 0.7 * a - 0.02 * b + 2 * u * u
line <- glm(z ~ a + b, gaussian, control = tight)
summarise("gaussian", line)
terms("gaussian-hc1", line, sandwich(line, scores(line), n / (n - 3)))
summarise("gaussian-no-intercept", glm(z ~ a + b - 1, gaussian, control = tight))

# Frequency weights: rows that stand there several times.
w <- 1 + i %% 4
summarise("frequency", glm(z[rep(i, w)] ~ a, gaussian, control = tight, data = data.frame(a = a[rep(i, w)])))
# Probability weights: glm's estimates, errors of the weighted scores.
suppressWarnings(probability <- glm(y ~ a + b, binomial, weights = w, control = tight))
terms("probability", probability, sandwich(probability, scores(probability)))

# Three classes by Newton's method; differences to the first class.
class <- (floor(u * 7 + a) %% 3)
x <- cbind("(Intercept)" = 1, a = a, b = (b - 1000) / 7)
beta <- matrix(0, 3, 2)
for (k in 1:40) {
  e <- cbind(1, exp(x %*% beta)); p <- e / rowSums(e)
  g <- cbind(crossprod(x, (class == 1) - p[, 2]), crossprod(x, (class == 2) - p[, 3]))
  h <- rbind(cbind(crossprod(x, p[, 2] * (1 - p[, 2]) * x), -crossprod(x, p[, 2] * p[, 3] * x)),
             cbind(-crossprod(x, p[, 2] * p[, 3] * x), crossprod(x, p[, 3] * (1 - p[, 3]) * x)))
  beta <- beta + matrix(solve(h, as.vector(g)), 3, 2)
}
names <- c(paste0("1:", colnames(x)), paste0("2:", colnames(x)))
say("softmax", paste0(names, ":estimate"), as.vector(beta))
say("softmax", paste0(names, ":stdError"), sqrt(diag(solve(h))))
say("softmax", "deviance", -2 * sum(log(p[cbind(i, class + 1)])))

# Huber's loss with a threshold of 0.5, by reweighting; the sandwich of its scores.
x <- cbind("(Intercept)" = 1, a = a, b = b - 1000)
beta <- qr.solve(x, z)
for (k in 1:4000) {
  r <- drop(z - x %*% beta)
  v <- pmin(1, 0.5 / abs(r))
  beta <- solve(crossprod(x, v * x), crossprod(x, v * z))
}
r <- drop(z - x %*% beta)
bread <- solve(crossprod(x, (abs(r) <= 0.5) * x))
covariance <- bread %*% crossprod(x * pmax(-0.5, pmin(0.5, r))) %*% bread
say("huber", paste0(colnames(x), ":estimate"), drop(beta))
say("huber", paste0(colnames(x), ":stdError"), sqrt(diag(covariance)))

# Quantiles: the estimates of rq, and errors as summary(rq, se = "ker") has them, with quartiles of
# residuals as Sotto finds them, by halvings. "kernel" is what summary(rq, se = "ker") itself says.
suppressMessages(library(quantreg))
between <- function(u, m, s) {
  at <- c(1, 1, 3, 3) * (length(u) - 1) / 4
  rank <- floor(at) + 1 + c(0, 1, 0, 1)
  share <- c(-1, -1, 1, 1) * ifelse(c(TRUE, FALSE, TRUE, FALSE), 1 - at %% 1, at %% 1)
  half <- sqrt(3) * s
  low <- rep(m - half, 4)
  found <- 0
  for (k in 1:45) {
    if (2 * half <= found / 4096) break
    below <- sapply(low + half, function(l) sum(u <= l))
    low <- low + ifelse(below < rank, half, 0)
    found <- sum(share * low)
    half <- half / 2
  }
  found
}
kinked <- function(example, tau, fit, x, scores = NULL) {
  u <- drop(residuals(fit))
  n <- length(u)
  p <- ncol(x)
  s <- sd(u)
  wide <- bandwidth.rq(tau, n, hs = TRUE)
  while (tau - wide < 0 || tau + wide > 1) wide <- wide / 2
  h <- (qnorm(tau + wide) - qnorm(tau - wide)) * min(s, between(u, mean(u), s) / 1.34)
  bread <- solve(crossprod(x, dnorm(u / h) / h * x))
  covariance <- bread %*% (tau * (1 - tau) * crossprod(x)) %*% bread
  say(example, paste0(names(coef(fit)), ":estimate"), coef(fit))
  say(example, paste0(names(coef(fit)), ":stdError"), sqrt(diag(covariance)))
  ker <- summary(fit, se = "ker", covariance = TRUE)$coefficients
  say(example, paste0(names(coef(fit)), ":kernel"), ker[, 2])
  t <- coef(fit) / sqrt(diag(covariance))
  say(example, paste0(names(coef(fit)), ":pValue"), 2 * pt(-abs(t), n - p))
  say(example, "bandwidth", h)
}
c <- b - 1000
for (tau in c(0.1, 0.5, 0.9))
  kinked(paste0("quantile", tau), tau, rq(z + sin(i) ~ a + c, tau = tau), cbind(1, a, c))
kinked("median-heavy", 0.5, rq(z + tan(i) ~ a + c), cbind(1, a, c))
kinked("median-outlier", 0.5, rq(z + sin(i) + ifelse(i == 100, 1e6, 0) ~ a + c), cbind(1, a, c))
