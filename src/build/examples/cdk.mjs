/**
 * pixgate behind CloudFront by the AWS CDK, with its keys in SSM (npm run keys -- push --ssm /pixgate/keys):
 * npm run package && cdk deploy --app 'node src/build/examples/cdk.mjs'
 */
import { readFileSync } from 'node:fs';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as cdn from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';

const KEYS = '/pixgate/keys';
const EDGE = {
  AvifAuto: 'off',
  EdgeKeys: 'off',
  Public: 'off',
  Compat: '',
  QueryIgnored: 'utm_*,fbclid,gclid,msclkid,mc_eid,_',
};
const edgeCode = readFileSync('dist/cloudfront-function.js', 'utf8').replace(/\$\{(\w+)\}/g, (_, name) => EDGE[name]);

const stack = new Stack(new App(), 'pixgate');
const resizer = new lambda.Function(stack, 'Resizer', {
  code: lambda.Code.fromAsset('pixgate-arm64.zip'),
  handler: 'stream.handler',
  runtime: lambda.Runtime.NODEJS_24_X,
  architecture: lambda.Architecture.ARM_64,
  memorySize: 1769,
  timeout: Duration.seconds(28),
  logGroup: new LogGroup(stack, 'Logs', { retention: RetentionDays.ONE_MONTH }),
  environment: {
    ...{ API_KEYS_SSM: KEYS, VIEWER_HOST_HEADER: 'x-pixgate-host' },
    ...{ AVIF_AUTO: EDGE.AvifAuto, QUERY_IGNORED: EDGE.QueryIgnored, METRICS_NAMESPACE: 'pixgate' },
    ...{ UV_THREADPOOL_SIZE: '16', MALLOC_ARENA_MAX: '1', MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '536870912' },
  },
});
StringParameter.fromSecureStringParameterAttributes(stack, 'Keys', { parameterName: KEYS }).grantRead(resizer);
const url = resizer.addFunctionUrl({
  authType: lambda.FunctionUrlAuthType.AWS_IAM,
  invokeMode: lambda.InvokeMode.RESPONSE_STREAM,
});

const distribution = new cdn.Distribution(stack, 'Distribution', {
  httpVersion: cdn.HttpVersion.HTTP2_AND_3,
  defaultBehavior: {
    origin: FunctionUrlOrigin.withOriginAccessControl(url, { readTimeout: Duration.seconds(30) }),
    viewerProtocolPolicy: cdn.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    allowedMethods: cdn.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
    compress: false,
    cachePolicy: new cdn.CachePolicy(stack, 'CachePolicy', {
      ...{ minTtl: Duration.seconds(0), defaultTtl: Duration.seconds(0), maxTtl: Duration.days(365) },
      headerBehavior: cdn.CacheHeaderBehavior.allowList('Accept'),
      queryStringBehavior: cdn.CacheQueryStringBehavior.all(),
    }),
    originRequestPolicy: new cdn.OriginRequestPolicy(stack, 'OriginPolicy', {
      headerBehavior: cdn.OriginRequestHeaderBehavior.allowList('X-Api-Key', 'X-Pixgate-Host', 'Origin', 'Referer'),
      queryStringBehavior: cdn.OriginRequestQueryStringBehavior.all(),
    }),
    functionAssociations: [
      {
        eventType: cdn.FunctionEventType.VIEWER_REQUEST,
        function: new cdn.Function(stack, 'Edge', {
          code: cdn.FunctionCode.fromInline(edgeCode),
          runtime: cdn.FunctionRuntime.JS_2_0,
        }),
      },
    ],
  },
  // By the Cache-Control of the response, instead of ten seconds.
  errorResponses: [400, 403, 404, 405, 500, 502, 503, 504].map((httpStatus) => ({
    httpStatus,
    ttl: Duration.seconds([400, 404].includes(httpStatus) ? 60 : 0),
  })),
});
// For purges by tag.
distribution.node.defaultChild.addPropertyOverride('DistributionConfig.CacheTagConfig', { HeaderName: 'Cache-Tag' });
new CfnOutput(stack, 'Url', { value: `https://${distribution.domainName}/` });
