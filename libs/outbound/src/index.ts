export { outboundPosts } from './outbound-posts';
export type { OutboundAnswer, OutboundPost, OutboundPosts, OutboundRules, ResolvedAddress } from './outbound-posts';
export { urlFault } from './url-fault';
export type { UrlRules } from './url-fault';
